#include "script/table_bridge.h"

#include <string>

#include "script/constraint_bridge.h"
#include "script/default_bridge.h"
#include "script/type_bridge.h"

namespace py = pybind11;

namespace memstack::script {
namespace {

py::object Options(const py::object& item) {
  return item.attr("dialect_options")["postgresql"];
}

std::optional<bool> Switch(const py::object& value) {
  if (!py::isinstance<py::bool_>(value)) return std::nullopt;
  return IsTrue(value);
}

ddl::CreateIndex::Element ReadElement(const LeafCompiler& leaves, const py::object& expression,
                                      const py::object& classes) {
  const py::module_ sql_expression = py::module_::import("sqlalchemy.sql.expression");
  // Alone a column stands without parentheses; PostgreSQL wants them round most of the rest.
  const bool is_column = py::isinstance(expression, sql_expression.attr("ColumnClause"));
  ddl::CreateIndex::Element element;
  element.expression =
      leaves.Expression(is_column ? expression : py::object(expression.attr("self_group")()));
  const py::object key = AttributeOrNone(expression, "key");
  if (!key.is_none() && classes.contains(key)) element.operator_class = leaves.RawString(classes[key]);
  return element;
}

// INCLUDE of an index: keys of the table's columns, or columns.
std::vector<sql::Identifier> ReadInclude(const py::object& index) {
  std::vector<sql::Identifier> names;
  const py::object include = Options(index).attr("get")("include");
  if (!IsTrue(include)) return names;
  const py::object columns = index.attr("table").attr("c");
  for (const py::handle& item : include) {
    const py::object column =
        py::isinstance<py::str>(item) ? py::object(columns[item]) : py::reinterpret_borrow<py::object>(item);
    names.push_back(LeafCompiler::Name(column.attr("name")));
  }
  // An iterator, read before; the library says INCLUDE (), and the server what it thinks of that.
  if (names.empty()) throw Unconvertible{"INCLUDE names no columns"};
  return names;
}

sql::Identifier IndexName(const LeafCompiler& leaves, const py::object& index) {
  const std::optional<sql::Identifier> name = leaves.FinalName(index);
  if (!name) throw Unconvertible{"the index has no name"};
  return *name;
}

// "" for what is not given.
std::string RawOption(const LeafCompiler& leaves, const py::object& options, const char* name) {
  const py::object value = options.attr("get")(name);
  return IsTrue(value) ? leaves.Raw(value) : "";
}

void ReadTableOptions(const LeafCompiler& leaves, const py::object& table, ddl::CreateTable& read) {
  const py::object options = Options(table);
  const auto option = [&](const char* name) { return py::object(options.attr("get")(name)); };
  py::object inherits = option("inherits");
  if (!inherits.is_none()) {
    if (!py::isinstance<py::list>(inherits) && !py::isinstance<py::tuple>(inherits))
      inherits = py::make_tuple(inherits);
    read.inherits.emplace();
    for (const py::handle& parent : inherits) read.inherits->push_back(LeafCompiler::Name(parent));
  }
  read.partition_by = RawOption(leaves, options, "partition_by");
  read.access_method = RawOption(leaves, options, "using");
  if (IsTrue(option("with"))) {
    read.with = leaves.Raw(leaves.upstream("storage_parameters")(leaves.compiler(), option("with")));
  }
  read.with_oids = Switch(option("with_oids"));
  if (IsTrue(option("on_commit"))) {
    read.on_commit = py::cast<std::string>(option("on_commit").attr("replace")("_", " ").attr("upper")());
  }
  if (IsTrue(option("tablespace"))) read.tablespace = LeafCompiler::Name(option("tablespace"));
}

std::string Comment(const py::object& item) {
  std::string comment = String(item.attr("comment"));
  if (comment.empty()) throw Unconvertible{"the comment is empty"};
  return comment;
}

}  // namespace

ddl::Column ReadColumn(const LeafCompiler& leaves, const py::object& column) {
  RefuseForeignCompiler(leaves, column);
  ddl::Column read;
  read.name = LeafCompiler::Name(column.attr("name"));
  const py::object serial = leaves.upstream("serial_keyword")(leaves.compiler(), column);
  if (serial.is_none()) {
    read.type = ReadType(leaves, column.attr("type"), column);
    read.server_default = ReadDefault(leaves, column);
  } else {
    read.type = {ddl::TypeKind::kKeyword, py::cast<std::string>(serial)};
  }
  const py::object computed = column.attr("computed");
  if (!computed.is_none()) read.computed = leaves.Computed(computed);
  const py::object identity = column.attr("identity");
  if (!identity.is_none()) read.identity = ReadIdentity(identity);
  read.nullable = IsTrue(column.attr("nullable"));
  for (const py::handle& constraint : leaves.upstream("in_order")(column.attr("constraints"))) {
    read.constraints.push_back(ReadConstraint(leaves, py::reinterpret_borrow<py::object>(constraint)));
  }
  return read;
}

ddl::CreateIndex ReadIndex(const LeafCompiler& leaves, const py::object& index) {
  RefuseForeignCompiler(leaves, index);
  const py::object options = Options(index);
  const auto option = [&](const char* name) { return py::object(options.attr("get")(name)); };
  ddl::CreateIndex read;
  read.name = IndexName(leaves, index);
  read.table = ReadTableName(index.attr("table"));
  const py::object classes = option("ops");
  for (const py::handle& expression : index.attr("expressions")) {
    read.elements.push_back(ReadElement(leaves, py::reinterpret_borrow<py::object>(expression), classes));
  }
  read.unique = IsTrue(index.attr("unique"));
  read.concurrently = IsTrue(option("concurrently"));
  if (IsTrue(option("using"))) read.method = Keyword(option("using").attr("lower")());
  read.include = ReadInclude(index);
  read.nulls_not_distinct = Switch(option("nulls_not_distinct"));
  if (IsTrue(option("with"))) {
    read.with = leaves.Raw(leaves.upstream("storage_parameters")(leaves.compiler(), option("with")));
  }
  if (IsTrue(option("tablespace"))) read.tablespace = LeafCompiler::Name(option("tablespace"));
  const py::object where = option("where");
  if (!where.is_none()) read.where = leaves.Expression(leaves.upstream("ddl_expression")(where));
  return read;
}

ddl::DropIndex ReadDropIndex(const LeafCompiler& leaves, const py::object& index) {
  ddl::DropIndex read;
  const py::object schema = index.attr("table").attr("schema");
  if (IsTrue(schema)) read.name.parts.push_back(LeafCompiler::Name(schema));
  read.name.parts.push_back(IndexName(leaves, index));
  read.concurrently = IsTrue(Options(index).attr("get")("concurrently"));
  return read;
}

ddl::ColumnComment ReadColumnComment(const py::object& column) {
  ddl::ColumnComment read{ReadTableName(column.attr("table")), Comment(column)};
  read.column.parts.push_back(LeafCompiler::Name(column.attr("name")));
  return read;
}

ddl::CreateTable ReadTable(const LeafCompiler& leaves, const py::object& table, bool if_not_exists) {
  RefuseForeignCompiler(leaves, table);
  ddl::CreateTable read;
  read.table = ReadTableName(table);
  for (const py::handle& prefix : leaves.upstream("prefixes")(table)) {
    read.prefixes.push_back(leaves.RawString(py::reinterpret_borrow<py::object>(prefix)));
  }
  read.if_not_exists = if_not_exists;
  for (const py::handle& item : table.attr("columns")) {
    const auto column = py::reinterpret_borrow<py::object>(item);
    if (!column.attr("comment").is_none()) read.column_comments.push_back(ReadColumnComment(column));
    // Columns that every table has (xmin) are known to SQLAlchemy but not to CREATE TABLE.
    if (!IsTrue(column.attr("system"))) read.columns.push_back(ReadColumn(leaves, column));
  }
  for (const py::handle& constraint : leaves.upstream("table_constraints")(leaves.compiler(), table)) {
    read.constraints.push_back(ReadConstraint(leaves, py::reinterpret_borrow<py::object>(constraint)));
  }
  ReadTableOptions(leaves, table, read);
  for (const py::handle& index : leaves.upstream("indexes")(table)) {
    read.indexes.push_back(ReadIndex(leaves, py::reinterpret_borrow<py::object>(index)));
  }
  if (!table.attr("comment").is_none()) read.table_comments.push_back({read.table, Comment(table)});
  return read;
}

}  // namespace memstack::script
