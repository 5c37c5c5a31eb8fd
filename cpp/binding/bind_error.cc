#include "binding/bind_error.h"

#include <string>

#include "base/error.h"

namespace py = pybind11;

namespace memstack::binding {
namespace {

py::dict DiagnosticsOf(const ServerDiagnostics& said) {
  py::dict fields;
  fields["sqlstate"] = said.sqlstate;
  fields["severity"] = said.severity;
  fields["message"] = said.message;
  fields["detail"] = said.detail;
  fields["hint"] = said.hint;
  fields["context"] = said.context;
  fields["schema_name"] = said.schema_name;
  fields["table_name"] = said.table_name;
  fields["column_name"] = said.column_name;
  fields["datatype_name"] = said.datatype_name;
  fields["constraint_name"] = said.constraint_name;
  fields["position"] = said.position;
  fields["internal_query"] = said.internal_query;
  fields["internal_position"] = said.internal_position;
  fields["source_file"] = said.source_file;
  fields["source_line"] = said.source_line;
  fields["source_function"] = said.source_function;
  return fields;
}

py::dict FieldsOf(const Error& error) {
  py::dict fields;
  fields["code"] = std::string(ErrorCodeName(error.code()));
  fields["exit_code"] = error.exit_code();
  fields["message"] = error.what();
  fields["description"] = error.Describe();
  fields["file"] = error.place() ? py::object(py::str(error.place()->file)) : py::none();
  fields["line"] =
      error.place() && error.place()->line > 0 ? py::object(py::int_(error.place()->line)) : py::none();
  fields["called_file"] = error.called_place() ? py::object(py::str(error.called_place()->file)) : py::none();
  fields["called_line"] =
      error.called_place() ? py::object(py::int_(error.called_place()->line)) : py::none();
  fields["revision"] = error.revision();
  fields["operation"] = error.operation();
  fields["hint"] = error.hint();
  fields["state"] = error.state();
  fields["sql"] = error.sql();
  fields["diagnostics"] = error.diagnostics() ? py::object(DiagnosticsOf(*error.diagnostics())) : py::none();
  return fields;
}

py::object ExceptionFor(const Error& error) {
  return py::module_::import("memstack_migrate.errors").attr("from_engine")(FieldsOf(error));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the signature that pybind11 asks for
void Translate(std::exception_ptr pointer) {
  try {
    if (pointer) std::rethrow_exception(pointer);
  } catch (const Error& error) {
    try {
      const py::object raised = ExceptionFor(error);
      PyErr_SetObject(py::type::handle_of(raised).ptr(), raised.ptr());
    } catch (py::error_already_set& failed) {
      failed.restore();
    }
  }
}

}  // namespace

void RaiseFrom(const Error& error, const py::handle& cause) {
  const py::object raised = ExceptionFor(error);
  if (!cause.is_none()) raised.attr("__cause__") = cause;
  PyErr_SetObject(py::type::handle_of(raised).ptr(), raised.ptr());
  throw py::error_already_set();
}

void RaiseAgain(const py::handle& exception) {
  PyErr_SetObject(py::type::handle_of(exception).ptr(), exception.ptr());
  throw py::error_already_set();
}

void BindError(py::module_&) {
  py::register_local_exception_translator(&Translate);
}

}  // namespace memstack::binding
