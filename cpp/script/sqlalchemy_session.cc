#include "script/sqlalchemy_session.h"

#include <utility>

namespace py = pybind11;

namespace memstack::script {

SqlalchemySession::SqlalchemySession(py::object context) : context_(std::move(context)) {}

SqlalchemySession::~SqlalchemySession() {
  const py::gil_scoped_acquire gil;
  context_ = py::object();
}

void SqlalchemySession::CallContext(const char* method) {
  const py::gil_scoped_acquire gil;
  context_.attr(method)();
}

}  // namespace memstack::script
