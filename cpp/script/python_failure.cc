#include "script/python_failure.h"

#include <pybind11/stl.h>

#include <string_view>
#include <utility>
#include <vector>

namespace py = pybind11;

namespace memstack::script {
namespace {

std::string Text(const py::dict& fields, const char* name) {
  return fields.contains(name) ? py::str(fields[name]).cast<std::string>() : std::string();
}

ServerDiagnostics ReadDiagnostics(const py::dict& fields) {
  ServerDiagnostics said;
  said.sqlstate = Text(fields, "sqlstate");
  said.severity = Text(fields, "severity");
  said.message = Text(fields, "message");
  said.detail = Text(fields, "detail");
  said.hint = Text(fields, "hint");
  said.context = Text(fields, "context");
  said.schema_name = Text(fields, "schema_name");
  said.table_name = Text(fields, "table_name");
  said.column_name = Text(fields, "column_name");
  said.datatype_name = Text(fields, "datatype_name");
  said.constraint_name = Text(fields, "constraint_name");
  said.position = fields["position"].cast<int>();
  return said;
}

// What a person can do about an exception of their own code.
std::string_view HintFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::kRevisionFile:
      return "nothing was run: mend the file and run the same command again";
    case ErrorCode::kRevisionFailed:
      return "mend the revision and run the same command again; --raiseerr shows the traceback";
    case ErrorCode::kSql:
      return "mend the statement, or what it needs, and run the same command again";
    case ErrorCode::kInterrupted:
      return "run the same command again";
    default:
      return "mend env.py, or what it needs, and run the same command again; --raiseerr shows the traceback";
  }
}

// Walks from an exception to what it was raised from, or while what was handled.
template <typename Predicate>
bool AnyOfChain(const py::handle& exception, Predicate predicate) {
  constexpr int kMostLinks = 100;  // a chain may be a ring
  py::object link = py::reinterpret_borrow<py::object>(exception);
  for (int i = 0; i < kMostLinks && !link.is_none(); ++i) {
    if (predicate(link)) return true;
    const py::object cause = link.attr("__cause__");
    link = cause.is_none() ? py::object(link.attr("__context__")) : cause;
  }
  return false;
}

}  // namespace

Error DescribeException(const py::error_already_set& exception, const std::string& file, ErrorCode code) {
  // Caught in C++, an exception has its traceback beside it, not on it.
  if (exception.trace()) PyException_SetTraceback(exception.value().ptr(), exception.trace().ptr());
  const py::dict fields =
      py::module_::import("memstack_migrate.failure").attr("describe")(exception.value(), file);
  const auto exit_code = fields["exit_code"].cast<int>();
  if (exit_code != 0) code = static_cast<ErrorCode>(exit_code);
  const std::string sql = Text(fields, "sql");
  if (!sql.empty()) code = ErrorCode::kSql;
  Error error(code, Text(fields, "message"));
  const auto places = fields["places"].cast<std::vector<std::pair<std::string, int>>>();
  error.Operation(Text(fields, "operation"));
  // An interrupt may come where no code of the user's runs.
  if (code != ErrorCode::kInterrupted || places[0].second > 0) error.At(places[0].first, places[0].second);
  if (places.size() > 1) error.CalledAt(places[1].first, places[1].second);
  const std::string hint = Text(fields, "hint");
  error.Hint(hint.empty() ? std::string(HintFor(code)) : hint);
  const std::string state = Text(fields, "state");
  if (!state.empty()) error.State(state);
  if (!fields["diagnostics"].is_none()) error.Statement(sql, ReadDiagnostics(fields["diagnostics"]));
  return error;
}

std::optional<Error> DescribeSqlException(const py::error_already_set& exception) {
  const py::object told =
      py::module_::import("memstack_migrate.failure").attr("describe_statement")(exception.value());
  if (told.is_none()) return std::nullopt;
  const py::dict fields = told;
  if (fields["diagnostics"].is_none()) return Error(ErrorCode::kConnection, Text(fields, "message"));
  return Error(ErrorCode::kSql, Text(fields, "message"))
      .Statement(Text(fields, "sql"), ReadDiagnostics(fields["diagnostics"]));
}

bool ComesFrom(const py::handle& exception, const py::handle& other) {
  return AnyOfChain(exception, [&](const py::handle& link) { return link.is(other); });
}

bool ComesFromEngine(const py::handle& exception, const Error& error) {
  const py::object type = py::module_::import("memstack_migrate.errors").attr("MigrateError");
  return AnyOfChain(exception, [&](const py::handle& link) {
    return py::isinstance(link, type) && py::cast<std::string>(link.attr("message")) == error.what();
  });
}

}  // namespace memstack::script
