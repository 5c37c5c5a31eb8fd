#include "binding/bind_connection.h"

#include <pybind11/stl.h>

#include "binding/bind_result.h"
#include "binding/connection_object.h"
#include "pg/connection_parameters.h"
#include "pg/interrupt.h"

namespace py = pybind11;

namespace memstack::binding {
namespace {

using WithoutGil = py::call_guard<py::gil_scoped_release>;

// PQTRANS_* as psycopg's TransactionStatus has them: IDLE 0, ACTIVE 1, INTRANS 2, INERROR 3, UNKNOWN 4.
int StatusNumber(ConnectionObject& self) {
  switch (self.connection().transaction_status()) {
    case pg::TransactionStatus::kIdle:
      return 0;
    case pg::TransactionStatus::kActive:
      return 1;
    case pg::TransactionStatus::kInTransaction:
      return 2;
    case pg::TransactionStatus::kInError:
      return 3;
    case pg::TransactionStatus::kUnknown:
      return 4;
  }
  return 4;
}

// Runs Python's signal handlers, in the main thread: Ctrl-C ends the wait as KeyboardInterrupt. Where asyncio
// is, such a handler, or another thread, may have cancelled what runs here: CancelledError ends the wait
// then.
void CheckPython() {
  if (Py_IsInitialized() == 0) return;
  const py::gil_scoped_acquire gil;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  if (py::module_::import("sys").attr("modules").contains("asyncio")) {
    py::module_::import("memstack_migrate._cancellation").attr("raise_if_cancelled")();
  }
}

py::list NoticesOf(ConnectionObject& self) {
  py::list out;
  for (const pg::Notice& notice : self.TakeNotices()) {
    py::dict fields;
    fields["severity"] = notice.severity;
    fields["sqlstate"] = notice.sqlstate;
    fields["message"] = notice.message;
    fields["detail"] = notice.detail;
    fields["hint"] = notice.hint;
    out.append(std::move(fields));
  }
  return out;
}

using Class = py::class_<ConnectionObject, std::shared_ptr<ConnectionObject>>;

void BindCalls(Class& bound) {
  bound.def_static("open", &ConnectionObject::Open, py::arg("parameters"), WithoutGil())
      .def("execute", &ConnectionObject::Execute, py::arg("sql"), py::arg("parameters") = py::none(),
           WithoutGil())
      .def("execute_each", &ConnectionObject::ExecuteEach, py::arg("sql"), WithoutGil())
      .def("execute_outside_transaction", &ConnectionObject::ExecuteOutsideTransaction, py::arg("sql"),
           py::arg("parameters") = py::none(), WithoutGil())
      .def(
          "begin", [](ConnectionObject& self) { self.connection().Begin(); }, WithoutGil())
      .def(
          "commit", [](ConnectionObject& self) { self.connection().Commit(); }, WithoutGil())
      .def(
          "rollback", [](ConnectionObject& self) { self.connection().Rollback(); }, WithoutGil())
      .def(
          "close", [](ConnectionObject& self) { self.connection().Close(); }, WithoutGil())
      .def(
          "cancel", [](ConnectionObject& self) { self.connection().Cancel(); }, WithoutGil())
      // These two release the GIL themselves: they hold Python functions.
      .def("copy_in", &ConnectionObject::CopyIn, py::arg("sql"), py::arg("read"))
      .def("copy_out", &ConnectionObject::CopyOut, py::arg("sql"), py::arg("write"))
      .def("take_notices", &NoticesOf)
      .def("server_parameter", [](ConnectionObject& self, const std::string& name) {
        return self.connection().server_parameter(name);
      });
}

void BindProperties(Class& bound) {
  bound
      .def_property(
          "begins_transactions",
          [](ConnectionObject& self) { return self.connection().begins_transactions(); },
          [](ConnectionObject& self, bool value) { self.connection().set_begins_transactions(value); })
      .def_property(
          "begins_once", [](ConnectionObject& self) { return self.connection().begins_once(); },
          [](ConnectionObject& self, bool value) { self.connection().set_begins_once(value); })
      .def_property(
          "transaction_characteristics",
          [](ConnectionObject& self) { return self.connection().transaction_characteristics(); },
          [](ConnectionObject& self, std::string value) {
            self.connection().set_transaction_characteristics(std::move(value));
          })
      .def_property_readonly("transaction_status", &StatusNumber)
      .def_property_readonly("is_open", [](ConnectionObject& self) { return self.connection().is_open(); })
      .def_property_readonly("server_version",
                             [](ConnectionObject& self) { return self.connection().server_version(); })
      .def_property_readonly("backend_pid",
                             [](ConnectionObject& self) { return self.connection().backend_pid(); })
      .def_property_readonly("host", [](ConnectionObject& self) { return self.connection().host(); })
      .def_property_readonly("port", [](ConnectionObject& self) { return self.connection().port(); })
      .def_property_readonly("database", [](ConnectionObject& self) { return self.connection().database(); })
      .def_property_readonly("user", [](ConnectionObject& self) { return self.connection().user(); });
}

}  // namespace

void BindConnection(py::module_& module) {
  pg::SetInterruptCheck(&CheckPython);
  Class bound(module, "Connection", "One PostgreSQL session of the engine (pg/connection.h).");
  BindCalls(bound);
  BindProperties(bound);
  module.def("libpq_knows", &pg::LibpqKnows, py::arg("keyword"));
}

std::shared_ptr<pg::Connection> ConnectionOf(py::handle object) {
  return py::cast<std::shared_ptr<ConnectionObject>>(object)->shared();
}

}  // namespace memstack::binding
