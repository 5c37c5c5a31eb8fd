#include "binding/bind_ddl.h"

#include <pybind11/stl.h>

#include <string>
#include <utility>
#include <vector>

#include "ddl/compile.h"
#include "script/op_bridge.h"
#include "sql/lexer.h"
#include "sql/literal.h"
#include "sql/quote.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace memstack::binding {
namespace {

// Opaque to Python: a variant of its own would be converted to its alternative.
struct Operation {
  ddl::Op op;
};

sql::Backslash BackslashRule(bool escapes) {
  return escapes ? sql::Backslash::kEscape : sql::Backslash::kPlain;
}

py::object OperationOrReason(script::ReadResult result) {
  if (auto* op = std::get_if<ddl::Op>(&result)) return py::cast(Operation{std::move(*op)});
  return py::cast(std::get<std::string>(result));
}

std::vector<std::string> CompileToText(const Operation& operation, bool backslash_escapes) {
  std::vector<std::string> texts;
  for (ddl::Statement& statement : ddl::Compile(operation.op, {BackslashRule(backslash_escapes)})) {
    texts.push_back(std::move(statement.sql));
  }
  return texts;
}

// (text, first key words) of each statement: Python's offsets are characters, the engine's are bytes.
std::vector<std::pair<std::string, std::vector<std::string>>> Split(const std::string& script) {
  std::vector<std::pair<std::string, std::vector<std::string>>> statements;
  for (const sql::ScriptStatement& statement : sql::SplitStatements(script)) {
    statements.emplace_back(script.substr(statement.begin, statement.end - statement.begin),
                            statement.keywords);
  }
  return statements;
}

// (begin, end) in bytes.
std::vector<std::pair<size_t, size_t>> ParameterPlaces(const py::bytes& statement,
                                                       bool standard_conforming_strings) {
  std::vector<std::pair<size_t, size_t>> places;
  for (const sql::Token& token :
       sql::NumberedParameters(std::string_view(statement), standard_conforming_strings)) {
    places.emplace_back(token.begin, token.end);
  }
  return places;
}

}  // namespace

void BindDdl(py::module_& module) {
  const py::class_<Operation> operation_class(module, "Operation", "One directive as a value of the engine.");
  module.def(
      "read_operation",
      [](const py::object& operation, const py::object& migration_context) {
        return OperationOrReason(script::ReadOperation(operation, migration_context));
      },
      "operation"_a, "migration_context"_a,
      "Read an Alembic operation; a string says why the engine cannot express it.");
  module.def(
      "read_create_table",
      [](const py::object& table, bool if_not_exists, const py::object& migration_context) {
        return OperationOrReason(script::ReadCreateTable(table, if_not_exists, migration_context));
      },
      "table"_a, "if_not_exists"_a, "migration_context"_a, "The same for a Table that is to be created.");
  module.def(
      "read_drop_table",
      [](const py::object& table, bool if_exists) {
        return Operation{script::ReadDropTable(table, if_exists)};
      },
      "table"_a, "if_exists"_a, "The same for a Table that is to be dropped.");
  module.def(
      "make_bulk_insert",
      [](const py::object& table, const std::vector<py::str>& columns,
         std::vector<std::vector<std::string>> rows) {
        return Operation{script::ReadBulkInsert(table, columns, std::move(rows))};
      },
      "table"_a, "columns"_a, "rows"_a, "The INSERT of rows whose values are SQL.");
  module.def("compile_op", &CompileToText, "operation"_a, "backslash_escapes"_a = false,
             "The SQL statements of an operation, in the order in which they must run.");
  module.def(
      "quote_identifier", [](const std::string& name) { return sql::Render(sql::Identifier(name)); },
      "name"_a, "The name as SQL text, quoted if it must be.");
  module.def(
      "quote_literal",
      [](const std::string& value, bool backslash_escapes) {
        return sql::StringLiteral(value, BackslashRule(backslash_escapes));
      },
      "value"_a, "backslash_escapes"_a = false, "The string as SQL text.");
  module.def("split_statements", &Split, "script"_a,
             "Text and first key words of each statement of a script.");
  module.def("numbered_parameters", &ParameterPlaces, "statement"_a, "standard_conforming_strings"_a = true,
             "Where $1 and its like stand in a statement, in bytes.");
}

}  // namespace memstack::binding
