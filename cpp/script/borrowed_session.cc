#include "script/borrowed_session.h"

#include <utility>

#include "base/log.h"
#include "pg/interrupt.h"
#include "sql/bound_text.h"

namespace py = pybind11;

namespace memstack::script {

BorrowedSession::BorrowedSession(py::object context, py::object connection)
    : SqlalchemySession(std::move(context)), connection_(std::move(connection)) {}

BorrowedSession::~BorrowedSession() {
  const py::gil_scoped_acquire gil;
  connection_ = py::object();
}

pg::Result BorrowedSession::Call(const char* method, std::string_view sql) {
  const py::gil_scoped_acquire gil;
  return Fetch(connection_.attr(method), sql);
}

pg::Result BorrowedSession::Execute(std::string_view sql) {
  pg::CheckForInterrupt();
  return Call("execute", sql);
}

pg::Result BorrowedSession::Execute(std::string_view sql, std::span<const pg::Parameter> parameters) {
  pg::CheckForInterrupt();
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
