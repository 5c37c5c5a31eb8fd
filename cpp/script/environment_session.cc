#include "script/environment_session.h"

#include <utility>

namespace py = pybind11;

namespace memstack::script {

EnvironmentSession::EnvironmentSession(py::object context, std::shared_ptr<pg::Connection> connection)
    : SqlalchemySession(std::move(context)), connection_(std::move(connection)) {}

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

pg::TransactionStatus EnvironmentSession::transaction_status() const {
  return connection_->transaction_status();
}

void EnvironmentSession::OnTransactionEnd(pg::TransactionEndHandler handler) {
  connection_->OnTransactionEnd(std::move(handler));
}

}  // namespace memstack::script
