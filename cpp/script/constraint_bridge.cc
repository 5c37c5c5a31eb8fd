#include "script/constraint_bridge.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"

namespace py = pybind11;

namespace memstack::script {
namespace {

// constraint.dialect_options["postgresql"][name].
py::object DialectOption(const py::object& item, const char* name) {
  return item.attr("dialect_options")["postgresql"].attr("get")(name);
}

std::optional<std::string> Phrase(const py::object& phrase) {
  return Optional(phrase, &KeywordPhrase);
}

ddl::Deferral ReadDeferral(const py::object& constraint) {
  ddl::Deferral deferral;
  deferral.deferrable = Optional(constraint.attr("deferrable"), &IsTrue);
  deferral.initially = Phrase(constraint.attr("initially"));
  return deferral;
}

// INCLUDE of a key or a unique constraint: keys of the table's columns, or columns.
std::vector<sql::Identifier> ReadInclude(const py::object& constraint) {
  std::vector<sql::Identifier> names;
  const py::object include = DialectOption(constraint, "include");
  if (!IsTrue(include)) return names;
  const py::object columns = constraint.attr("table").attr("c");
  for (const py::handle& item : include) {
    const py::object column =
        py::isinstance<py::str>(item) ? py::object(columns[item]) : py::reinterpret_borrow<py::object>(item);
    names.push_back(LeafCompiler::Name(column.attr("name")));
  }
  return names;
}

bool IsNotValid(const py::object& constraint) {
  return IsTrue(DialectOption(constraint, "not_valid"));
}

ddl::PrimaryKey ReadPrimaryKey(const LeafCompiler& leaves, const py::object& constraint) {
  ddl::PrimaryKey key;
  key.name = leaves.FinalName(constraint);
  key.columns = ReadColumnNames(leaves.upstream("primary_key_columns")(constraint));
  key.include = ReadInclude(constraint);
  key.deferral = ReadDeferral(constraint);
  return key;
}

ddl::Unique ReadUnique(const LeafCompiler& leaves, const py::object& constraint) {
  ddl::Unique unique;
  unique.name = leaves.FinalName(constraint);
  unique.columns = ReadColumnNames(constraint.attr("columns"));
  unique.include = ReadInclude(constraint);
  const py::object nulls = DialectOption(constraint, "nulls_not_distinct");
  if (py::isinstance<py::bool_>(nulls)) unique.nulls_not_distinct = IsTrue(nulls);
  unique.deferral = ReadDeferral(constraint);
  return unique;
}

ddl::ForeignKey ReadForeignKey(const LeafCompiler& leaves, const py::object& constraint) {
  ddl::ForeignKey key;
  key.name = leaves.FinalName(constraint);
  for (const py::handle& element : constraint.attr("elements")) {
    const py::object referent = element.attr("column");
    if (key.columns.empty()) key.referent = ReadTableName(referent.attr("table"));
    key.columns.push_back(LeafCompiler::Name(element.attr("parent").attr("name")));
    key.referent_columns.push_back(LeafCompiler::Name(referent.attr("name")));
  }
  if (key.columns.empty()) throw Unconvertible{"the foreign key has no columns"};
  key.match = Phrase(constraint.attr("match"));
  key.on_delete = Optional(leaves.upstream("on_delete")(leaves.compiler(), constraint),
                           [&](const py::object& phrase) { return leaves.Raw(phrase); });
  key.on_update = Phrase(constraint.attr("onupdate"));
  key.deferral = ReadDeferral(constraint);
  key.not_valid = IsNotValid(constraint);
  return key;
}

ddl::Check ReadCheck(const LeafCompiler& leaves, const py::object& constraint) {
  // SQLAlchemy refuses the CHECK of an array of non-native enums; its own message is the better one.
  if (IsTrue(leaves.upstream("is_type_bound")(constraint))) {
    for (const py::handle& column : constraint.attr("columns")) {
      if (VisitName(column.attr("type")) == "ARRAY") throw Unconvertible{"a CHECK made by an array's type"};
    }
  }
  ddl::Check check;
  check.name = leaves.FinalName(constraint);
  check.condition = leaves.Expression(constraint.attr("sqltext"));
  check.deferral = ReadDeferral(constraint);
  check.not_valid = !IsTrue(constraint.attr("is_column_level")) && IsNotValid(constraint);
  return check;
}

ddl::Exclude ReadExclude(const LeafCompiler& leaves, const py::object& constraint) {
  ddl::Exclude exclude;
  exclude.name = leaves.FinalName(constraint);
  exclude.method = Keyword(constraint.attr("using").attr("lower")());
  const py::object classes = constraint.attr("ops");
  for (const py::handle& item : leaves.upstream("exclude_elements")(constraint)) {
    const auto pair = py::cast<py::tuple>(item);
    const py::object expression = pair[0];
    ddl::Exclude::Element element{leaves.Expression(expression), leaves.Raw(pair[1])};
    const py::object key = AttributeOrNone(expression, "key");
    if (!key.is_none() && classes.contains(key)) element.expression += " " + leaves.RawString(classes[key]);
    exclude.elements.push_back(std::move(element));
  }
  const py::object where = constraint.attr("where");
  if (!where.is_none()) exclude.where = leaves.QualifiedExpression(where);
  exclude.deferral = ReadDeferral(constraint);
  return exclude;
}

}  // namespace

sql::QualifiedName ReadTableName(const py::object& table) {
  sql::QualifiedName name;
  const py::object schema = table.attr("schema");
  if (IsTrue(schema)) name.parts.push_back(LeafCompiler::Name(schema));
  name.parts.push_back(LeafCompiler::Name(table.attr("name")));
  return name;
}

std::vector<sql::Identifier> ReadColumnNames(const py::object& columns) {
  std::vector<sql::Identifier> names;
  for (const py::handle& column : columns) names.push_back(LeafCompiler::Name(column.attr("name")));
  return names;
}

std::string KeywordPhrase(const py::object& phrase) {
  auto text = py::cast<std::string>(phrase);
  const bool only_words = !text.empty() && std::all_of(text.begin(), text.end(),
                                                       [](char c) { return IsAsciiWord(c) || c == ' '; });
  // What else SQLAlchemy may let pass, it decides itself.
  if (!only_words || text.front() == ' ' || text.back() == ' ') {
    throw Unconvertible{fmt::format("the phrase '{}' is no sequence of key words", text)};
  }
  return text;
}

std::string Keyword(const py::object& word) {
  std::string text = KeywordPhrase(word);
  if (text.find(' ') != std::string::npos) throw Unconvertible{fmt::format("'{}' is no key word", text)};
  return text;
}

void RefuseForeignCompiler(const LeafCompiler& leaves, const py::object& item) {
  const py::object foreign = leaves.upstream("foreign_compiler")(py::type::of(item));
  if (foreign.is_none()) return;
  throw Unconvertible{fmt::format("@compiles function {}", py::cast<std::string>(foreign))};
}

ddl::Constraint ReadConstraint(const LeafCompiler& leaves, const py::object& constraint) {
  RefuseForeignCompiler(leaves, constraint);
  const std::string visit = VisitName(constraint);
  if (visit == "primary_key_constraint") return ReadPrimaryKey(leaves, constraint);
  if (visit == "unique_constraint") return ReadUnique(leaves, constraint);
  if (visit == "foreign_key_constraint") return ReadForeignKey(leaves, constraint);
  if (visit == "exclude_constraint") return ReadExclude(leaves, constraint);
  if (visit == "table_or_column_check_constraint" || visit == "check_constraint")
    return ReadCheck(leaves, constraint);
  throw Unconvertible{fmt::format("a constraint of the kind '{}'", visit)};
}

ddl::AddConstraint ReadAddConstraint(const LeafCompiler& leaves, const py::object& constraint) {
  return {ReadTableName(constraint.attr("table")), ReadConstraint(leaves, constraint)};
}

ddl::DropConstraint ReadDropConstraint(const LeafCompiler& leaves, const py::object& constraint) {
  const std::optional<sql::Identifier> name = leaves.FinalName(constraint);
  if (!name) throw Unconvertible{"the constraint to be dropped has no name"};
  return {ReadTableName(constraint.attr("table")), *name};
}

}  // namespace memstack::script
