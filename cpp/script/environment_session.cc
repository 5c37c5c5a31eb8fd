#include "script/environment_session.h"

#include <utility>

namespace py = pybind11;

namespace memstack::script {

EnvironmentSession::EnvironmentSession(py::object context, std::shared_ptr<pg::Connection> connection)
    : context_(std::move(context)), connection_(std::move(connection)) {}

EnvironmentSession::~EnvironmentSession() {
  const py::gil_scoped_acquire gil;
  context_ = py::object();
}

void EnvironmentSession::CallContext(const char* method) {
  const py::gil_scoped_acquire gil;
  context_.attr(method)();
}

void EnvironmentSession::TellSqlalchemy() {
  if (connection_->transaction_status() == pg::TransactionStatus::kIdle &&
      connection_->begins_transactions()) {
    CallContext("ensure_begun");
  }
}

pg::Result EnvironmentSession::Execute(std::string_view sql) {
  TellSqlalchemy();
  return connection_->Execute(sql);
}

pg::Result EnvironmentSession::Execute(std::string_view sql, std::span<const pg::Parameter> parameters) {
  TellSqlalchemy();
  return connection_->Execute(sql, parameters);
}

pg::Result EnvironmentSession::ExecuteOutsideTransaction(std::string_view sql,
                                                         std::span<const pg::Parameter> parameters) {
  return connection_->ExecuteOutsideTransaction(sql, parameters);
}

void EnvironmentSession::Begin() {
  CallContext("begin");
}

void EnvironmentSession::Commit() {
  CallContext("commit");
}

void EnvironmentSession::Rollback() {
  CallContext("rollback");
}

pg::TransactionStatus EnvironmentSession::transaction_status() const {
  return connection_->transaction_status();
}

void EnvironmentSession::OnTransactionEnd(pg::TransactionEndHandler handler) {
  connection_->OnTransactionEnd(std::move(handler));
}

}  // namespace memstack::script
