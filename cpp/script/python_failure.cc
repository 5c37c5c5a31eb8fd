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

// `otherwise`: for what is not the connection's or the server's doing.
ErrorCode CodeFor(const std::string& kind, ErrorCode otherwise) {
  if (kind == "sql") return ErrorCode::kSql;
  for (const ErrorCode code : {ErrorCode::kConnection, ErrorCode::kCommitInDoubt}) {
    if (kind == ErrorCodeName(code)) return code;
  }
  return otherwise;
}

}  // namespace

Error DescribeException(const py::error_already_set& exception, const std::string& file, ErrorCode code) {
  if (exception.matches(PyExc_KeyboardInterrupt))
    return Error(ErrorCode::kInterrupted, "interrupted").At(file);
  // Caught in C++, an exception has its traceback beside it, not on it.
  if (exception.trace()) PyException_SetTraceback(exception.value().ptr(), exception.trace().ptr());
  const py::dict fields =
      py::module_::import("memstack_migrate.failure").attr("describe")(exception.value(), file);
  const std::string kind = Text(fields, "kind");
  const bool is_sql = kind == "sql";
  Error error(CodeFor(kind, code), Text(fields, "message"));
  error.At(Text(fields, "file"), fields["line"].cast<int>()).Operation(Text(fields, "operation"));
  if (is_sql) error.Statement(Text(fields, "sql"), ReadDiagnostics(fields["diagnostics"]));
  if (!Text(fields, "hint").empty()) error.Hint(Text(fields, "hint"));
  if (!Text(fields, "state").empty()) error.State(Text(fields, "state"));
  return error;
}

bool IsOrComesFrom(const py::handle& exception, const std::function<bool(const py::handle&)>& is_origin) {
  constexpr int kMostLinks = 100;  // a chain may be a ring
  py::object link = py::reinterpret_borrow<py::object>(exception);
  for (int i = 0; i < kMostLinks && !link.is_none(); ++i) {
    if (is_origin(link)) return true;
    const py::object cause = link.attr("__cause__");
    const bool is_hidden = link.attr("__suppress_context__").cast<bool>();
    link = cause.is_none() && !is_hidden ? link.attr("__context__") : cause;
  }
  return false;
}

}  // namespace memstack::script
