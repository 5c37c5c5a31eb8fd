#include "script/python_failure.h"

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

}  // namespace

Error DescribeException(const py::error_already_set& exception, const std::string& file, ErrorCode code) {
  if (exception.matches(PyExc_KeyboardInterrupt))
    return Error(ErrorCode::kInterrupted, "interrupted").At(file);
  // Caught in C++, an exception has its traceback beside it, not on it.
  if (exception.trace()) PyException_SetTraceback(exception.value().ptr(), exception.trace().ptr());
  const py::dict fields =
      py::module_::import("memstack_migrate.failure").attr("describe")(exception.value(), file);
  const bool is_sql = Text(fields, "kind") == "sql";
  Error error(is_sql ? ErrorCode::kSql : code, Text(fields, "message"));
  error.At(Text(fields, "file"), fields["line"].cast<int>()).Operation(Text(fields, "operation"));
  if (is_sql) error.Statement(Text(fields, "sql"), ReadDiagnostics(fields["diagnostics"]));
  return error;
}

bool IsOrComesFrom(const py::handle& exception, const py::handle& other) {
  constexpr int kMostLinks = 100;  // a chain may be a ring
  py::object link = py::reinterpret_borrow<py::object>(exception);
  for (int i = 0; i < kMostLinks && !link.is_none(); ++i) {
    if (link.is(other)) return true;
    link = link.attr("__cause__");
  }
  return false;
}

}  // namespace memstack::script
