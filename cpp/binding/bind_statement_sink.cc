#include "binding/bind_statement_sink.h"

#include <memory>
#include <string>

#include "migrate/statement_sink.h"

namespace py = pybind11;

namespace memstack::binding {

void BindStatementSink(py::module_& module) {
  py::class_<migrate::StatementSink, std::shared_ptr<migrate::StatementSink>>(module, "StatementSink")
      .def(
          "execute", [](migrate::StatementSink& sink, const std::string& sql) { sink.Execute(sql); },
          py::arg("sql"), py::call_guard<py::gil_scoped_release>(),
          "Run one statement of the running revision.");
}

}  // namespace memstack::binding
