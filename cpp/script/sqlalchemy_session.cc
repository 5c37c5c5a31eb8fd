#include "script/sqlalchemy_session.h"

#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "script/python_failure.h"

namespace py = pybind11;

namespace memstack::script {
namespace {

// BorrowedConnection.Fetched: columns, rows, how many rows were changed.
using Fetched = std::tuple<std::vector<std::string>, std::vector<pg::Result::Row>, std::optional<int64_t>>;

}  // namespace

SqlalchemySession::SqlalchemySession(py::object context) : context_(std::move(context)) {}

SqlalchemySession::~SqlalchemySession() {
  const py::gil_scoped_acquire gil;
  context_ = py::object();
}

pg::Result SqlalchemySession::Fetch(const py::object& method, std::string_view sql) {
  try {
    const auto [columns, rows, affected] = method(sql).cast<Fetched>();
    return pg::Result::Fetched(columns, rows, affected);
  } catch (const py::error_already_set& exception) {
    if (auto error = DescribeSqlException(exception)) throw *error;
    throw;
  }
}

void SqlalchemySession::CallContext(const char* method) {
  const py::gil_scoped_acquire gil;
  context_.attr(method)();
}

}  // namespace memstack::script
