#include "script/borrowed_session.h"

#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/log.h"
#include "script/python_failure.h"
#include "sql/bound_text.h"

namespace py = pybind11;

namespace memstack::script {
namespace {

// BorrowedConnection.Fetched: columns, rows, how many rows were changed.
using Fetched = std::tuple<std::vector<std::string>, std::vector<pg::Result::Row>, std::optional<int64_t>>;

}  // namespace

BorrowedSession::BorrowedSession(py::object context, py::object connection)
    : SqlalchemySession(std::move(context)), connection_(std::move(connection)) {}

BorrowedSession::~BorrowedSession() {
  const py::gil_scoped_acquire gil;
  connection_ = py::object();
}

pg::Result BorrowedSession::Call(const char* method, std::string_view sql) {
  const py::gil_scoped_acquire gil;
  try {
    const auto [columns, rows, affected] = connection_.attr(method)(sql).cast<Fetched>();
    return pg::Result::Fetched(columns, rows, affected);
  } catch (const py::error_already_set& exception) {
    if (auto error = DescribeSqlException(exception)) throw *error;
    throw;
  }
}

pg::Result BorrowedSession::Execute(std::string_view sql) {
  return Call("execute", sql);
}

pg::Result BorrowedSession::Execute(std::string_view sql, std::span<const pg::Parameter> parameters) {
  return Call("execute", sql::WithLiterals(sql, parameters));
}

pg::Result BorrowedSession::ExecuteOutsideTransaction(std::string_view sql,
                                                      std::span<const pg::Parameter> parameters) {
  return Call("execute_outside_transaction", sql::WithLiterals(sql, parameters));
}

pg::TransactionStatus BorrowedSession::transaction_status() const {
  const py::gil_scoped_acquire gil;
  return static_cast<pg::TransactionStatus>(connection_.attr("transaction_status").cast<int>());
}

bool BorrowedSession::is_autocommit() const {
  const py::gil_scoped_acquire gil;
  return connection_.attr("is_autocommit").cast<bool>();
}

std::shared_ptr<pg::Connection> BorrowedSession::OpenOther(
    const std::function<std::shared_ptr<pg::Connection>(py::handle)>& connection_of) const {
  const py::gil_scoped_acquire gil;
  const py::object other = connection_.attr("open_other")();
  return other.is_none() ? nullptr : connection_of(other);
}

void BorrowedSession::OnTransactionEnd(pg::TransactionEndHandler handler) {
  const py::gil_scoped_acquire gil;
  connection_.attr("on_transaction_end")(py::cpp_function([handler = std::move(handler)](int end) {
    const py::gil_scoped_release release;
    try {
      handler(static_cast<pg::TransactionEnd>(end));
    } catch (const std::exception& error) {
      LogWarning(kEngineLogger, "after the end of a transaction: {}", error.what());
    }
  }));
}

}  // namespace memstack::script
