#include "script/op_bridge.h"

#include <fmt/format.h>

#include <unordered_map>

#include "script/constraint_bridge.h"
#include "script/default_bridge.h"
#include "script/table_bridge.h"
#include "script/type_bridge.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace memstack::script {
namespace {

// What every reader needs. Alembic's builders take the migration context for its naming conventions.
struct Reader {
  const py::object& operation;
  const py::object& context;
  LeafCompiler leaves;

  py::object SchemaObjects() const {
    return py::module_::import("alembic.operations.schemaobj").attr("SchemaObjects")(context);
  }
};

// Table names as alembic.ddl.base.format_table_name reads them: a dotted schema is several names.
sql::QualifiedName AlembicTableName(const py::object& schema, const py::object& table) {
  sql::QualifiedName name;
  if (IsTrue(schema)) name.parts = sql::SplitDotted(LeafCompiler::Name(schema));
  name.parts.push_back(LeafCompiler::Name(table));
  return name;
}

sql::QualifiedName AlembicTableName(const py::object& operation) {
  return AlembicTableName(operation.attr("schema"), operation.attr("table_name"));
}

bool Flag(const py::object& operation, const char* name) {
  return IsTrue(AttributeOrNone(operation, name));
}

ddl::CreateTable ReadCreateTableOp(const Reader& reader) {
  return ReadTable(reader.leaves, reader.operation.attr("to_table")(reader.context),
                   Flag(reader.operation, "if_not_exists"));
}

ddl::Op ReadDropTableOp(const Reader& reader) {
  return ReadDropTable(reader.operation.attr("to_table")(reader.context),
                       Flag(reader.operation, "if_exists"));
}

// The foreign key that stands at the column itself: the only one, and of this column alone.
bool IsInline(const py::object& column, const py::object& constraint) {
  return VisitName(constraint) == "foreign_key_constraint" && py::len(column.attr("foreign_keys")) == 1 &&
         py::len(constraint.attr("columns")) == 1;
}

ddl::Op ReadAddColumnOp(const Reader& reader) {
  const py::object& operation = reader.operation;
  const LeafCompiler& leaves = reader.leaves;
  if (py::len(operation.attr("kw")) > 0) throw Unconvertible{"add_column has arguments of batch mode"};
  py::object column = operation.attr("column");
  if (!column.attr("table").is_none()) column = leaves.upstream("copy_of")(column);
  const py::object table = reader.SchemaObjects().attr("table")(operation.attr("table_name"), column,
                                                                "schema"_a = operation.attr("schema"));
  ddl::AddColumn read;
  read.table = AlembicTableName(operation);
  read.column = ReadColumn(leaves, column);
  read.if_not_exists = Flag(operation, "if_not_exists");
  read.inline_primary_key = Flag(operation, "inline_primary_key") && IsTrue(column.attr("primary_key"));
  const bool inline_references = Flag(operation, "inline_references");
  for (const py::handle& item : leaves.upstream("in_order")(table.attr("constraints"))) {
    const auto constraint = py::reinterpret_borrow<py::object>(item);
    if (VisitName(constraint) == "primary_key_constraint") continue;
    if (inline_references && IsInline(column, constraint)) {
      read.inline_references = std::get<ddl::ForeignKey>(ReadConstraint(leaves, constraint));
    } else if (IsTrue(leaves.upstream("may_add")(constraint, leaves.impl()))) {
      read.constraints.push_back(ReadAddConstraint(leaves, constraint));
    }
  }
  for (const py::handle& index : leaves.upstream("indexes")(table)) {
    read.indexes.push_back(ReadIndex(leaves, py::reinterpret_borrow<py::object>(index)));
  }
  if (!column.attr("comment").is_none()) read.comments.push_back(ReadColumnComment(column));
  return read;
}

ddl::Op ReadDropColumnOp(const Reader& reader) {
  const py::object column = reader.operation.attr("to_column")(reader.context);
  return ddl::DropColumn{AlembicTableName(reader.operation), LeafCompiler::Name(column.attr("name")),
                         Flag(reader.operation, "if_exists")};
}

// The constraints that a type brings along, on a table made for the purpose as toimpl.alter_column does.
std::vector<py::object> TypeConstraints(const Reader& reader, const py::object& type) {
  const py::object& operation = reader.operation;
  const py::object column =
      py::module_::import("sqlalchemy.schema").attr("Column")(operation.attr("column_name"), type);
  const py::object table = reader.SchemaObjects().attr("table")(operation.attr("table_name"), column,
                                                                "schema"_a = operation.attr("schema"));
  std::vector<py::object> found;
  for (const py::handle& item : reader.leaves.upstream("in_order")(table.attr("constraints"))) {
    const auto constraint = py::reinterpret_borrow<py::object>(item);
    if (VisitName(constraint) == "primary_key_constraint") continue;
    if (IsTrue(reader.leaves.upstream("counts_for_alter")(constraint, reader.leaves.dialect()))) {
      found.push_back(constraint);
    }
  }
  return found;
}

void ReadTypeChange(const Reader& reader, ddl::AlterColumn& read) {
  const py::object& operation = reader.operation;
  const py::object type = operation.attr("modify_type");
  const py::object existing = operation.attr("existing_type");
  const py::object type_using = operation.attr("kw").attr("get")("postgresql_using");
  if (type.is_none()) {
    if (!type_using.is_none()) throw Unconvertible{"postgresql_using stands without type_"};
    return;
  }
  if (!existing.is_none()) {
    for (const py::object& constraint : TypeConstraints(reader, existing)) {
      read.dropped_constraints.push_back(ReadDropConstraint(reader.leaves, constraint));
    }
  }
  // Before the new type meets its table, which may change its schema (inherit_schema).
  read.type = ReadType(reader.leaves, py::module_::import("sqlalchemy.types").attr("to_instance")(type));
  if (IsTrue(type_using)) read.type_using = reader.leaves.Raw(type_using);
  for (const py::object& constraint : TypeConstraints(reader, type)) {
    if (!IsTrue(reader.leaves.upstream("may_add")(constraint, reader.leaves.impl()))) continue;
    read.added_constraints.push_back(ReadAddConstraint(reader.leaves, constraint));
  }
}

ddl::Op ReadAlterColumnOp(const Reader& reader) {
  const py::object& operation = reader.operation;
  if (operation.attr("kw").contains("name")) throw Unconvertible{"alter_column has an argument 'name'"};
  ddl::AlterColumn read;
  read.table = AlembicTableName(operation);
  read.column = LeafCompiler::Name(operation.attr("column_name"));
  ReadTypeChange(reader, read);
  read.nullable = Optional(operation.attr("modify_nullable"), &IsTrue);
  read.server_default = ReadDefaultChange(reader.leaves, operation.attr("modify_server_default"),
                                          operation.attr("existing_server_default"));
  const py::object comment = operation.attr("modify_comment");
  if (!comment.is(py::bool_(false))) {
    ddl::ColumnComment change{read.table, std::nullopt};
    change.column.parts.push_back(read.column);
    change.comment = Optional(comment, &String);
    read.comment = std::move(change);
  }
  read.new_name = Optional(operation.attr("modify_name"), &LeafCompiler::Name);
  return read;
}

// The operation's own table has the columns of the index only; PostgresqlImpl.create_index adds INCLUDE's.
void AddIncludedColumns(const py::object& index) {
  const py::object include = index.attr("kwargs").attr("get")("postgresql_include");
  if (!IsTrue(include)) return;
  const py::object column_class = py::module_::import("sqlalchemy.schema").attr("Column");
  const py::object no_type = py::module_::import("sqlalchemy.types").attr("NullType");
  const py::object table = index.attr("table");
  for (const py::handle& name : include) {
    if (!table.attr("c").contains(name)) table.attr("append_column")(column_class(name, no_type));
  }
}

ddl::Op ReadCreateIndexOp(const Reader& reader) {
  const py::object index = reader.operation.attr("to_index")(reader.context);
  AddIncludedColumns(index);
  ddl::CreateIndex read = ReadIndex(reader.leaves, index);
  read.if_not_exists = Flag(reader.operation, "if_not_exists");
  return read;
}

ddl::Op ReadDropIndexOp(const Reader& reader) {
  ddl::DropIndex read = ReadDropIndex(reader.leaves, reader.operation.attr("to_index")(reader.context));
  read.if_exists = Flag(reader.operation, "if_exists");
  return read;
}

ddl::Op ReadAddConstraintOp(const Reader& reader) {
  const py::object constraint = reader.operation.attr("to_constraint")(reader.context);
  if (!IsTrue(reader.leaves.upstream("may_add")(constraint, reader.leaves.impl()))) {
    throw Unconvertible{"the constraint is not for this database"};
  }
  return ReadAddConstraint(reader.leaves, constraint);
}

ddl::Op ReadDropConstraintOp(const Reader& reader) {
  const py::object& operation = reader.operation;
  const py::object constraint = reader.SchemaObjects().attr("generic_constraint")(
      operation.attr("constraint_name"), operation.attr("table_name"), operation.attr("constraint_type"),
      "schema"_a = operation.attr("schema"));
  ddl::DropConstraint read = ReadDropConstraint(reader.leaves, constraint);
  read.if_exists = Flag(operation, "if_exists");
  return read;
}

ddl::Op ReadRenameTableOp(const Reader& reader) {
  return ddl::RenameTable{AlembicTableName(reader.operation),
                          LeafCompiler::Name(reader.operation.attr("new_table_name"))};
}

ddl::Op ReadTableCommentOp(const Reader& reader) {
  const py::object table = reader.operation.attr("to_table")(reader.context);
  const py::object comment = table.attr("comment");
  return ddl::TableComment{ReadTableName(table), Optional(comment, &String)};
}

using ReadFunction = ddl::Op (*)(const Reader&);

const std::unordered_map<std::string, ReadFunction>& Readers() {
  static const auto* readers = new std::unordered_map<std::string, ReadFunction>{
      {"CreateTableOp", [](const Reader& reader) { return ddl::Op(ReadCreateTableOp(reader)); }},
      {"DropTableOp", &ReadDropTableOp},
      {"AddColumnOp", &ReadAddColumnOp},
      {"DropColumnOp", &ReadDropColumnOp},
      {"AlterColumnOp", &ReadAlterColumnOp},
      {"CreateIndexOp", &ReadCreateIndexOp},
      {"DropIndexOp", &ReadDropIndexOp},
      {"CreatePrimaryKeyOp", &ReadAddConstraintOp},
      {"CreateUniqueConstraintOp", &ReadAddConstraintOp},
      {"CreateForeignKeyOp", &ReadAddConstraintOp},
      {"CreateCheckConstraintOp", &ReadAddConstraintOp},
      {"CreateExcludeConstraintOp", &ReadAddConstraintOp},
      {"DropConstraintOp", &ReadDropConstraintOp},
      {"RenameTableOp", &ReadRenameTableOp},
      {"CreateTableCommentOp", &ReadTableCommentOp},
      {"DropTableCommentOp", &ReadTableCommentOp},
  };
  return *readers;
}

}  // namespace

ReadResult ReadOperation(const py::object& operation, const py::object& migration_context) {
  const auto name = py::cast<std::string>(py::type::of(operation).attr("__name__"));
  const auto reader = Readers().find(name);
  if (reader == Readers().end()) return fmt::format("the engine has no {}", name);
  try {
    return reader->second(Reader{operation, migration_context, LeafCompiler(migration_context)});
  } catch (const Unconvertible& refused) {
    return refused.reason;
  }
}

ReadResult ReadCreateTable(const py::object& table, bool if_not_exists, const py::object& migration_context) {
  try {
    return ddl::Op(ReadTable(LeafCompiler(migration_context), table, if_not_exists));
  } catch (const Unconvertible& refused) {
    return refused.reason;
  }
}

ddl::Op ReadBulkInsert(const py::object& table, const std::vector<py::str>& columns,
                       std::vector<std::vector<std::string>> rows) {
  ddl::BulkInsert read{ReadTableName(table), {}, std::move(rows)};
  for (const py::str& column : columns) read.columns.push_back(LeafCompiler::Name(column));
  return read;
}

ddl::Op ReadDropTable(const py::object& table, bool if_exists) {
  return ddl::DropTable{ReadTableName(table), if_exists};
}

}  // namespace memstack::script
