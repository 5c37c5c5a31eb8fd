#include "script/environment_session.h"

#include <string>
#include <utility>

#include "sql/bound_text.h"

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

std::optional<pg::Result> EnvironmentSession::ExecuteHeard(std::string_view sql,
                                                           std::span<const pg::Parameter> parameters) {
  const py::gil_scoped_acquire gil;
  if (!context().attr("is_heard").cast<bool>()) return std::nullopt;
  const std::string text = parameters.empty() ? std::string(sql) : sql::WithLiterals(sql, parameters);
  return Fetch(context().attr("execute_heard"), text);
}

pg::Result EnvironmentSession::Execute(std::string_view sql) {
  return Execute(sql, {});
}

pg::Result EnvironmentSession::Execute(std::string_view sql, std::span<const pg::Parameter> parameters) {
  TellSqlalchemy();
  if (auto heard = ExecuteHeard(sql, parameters)) return std::move(*heard);
  if (parameters.empty()) return connection_->Execute(sql);
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
