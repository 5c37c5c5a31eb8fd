// The session of a connection that env.py made with our driver: statements go to libpq at once, but for those
// in a transaction that a listener of env.py's wants to hear of; transactions are begun and ended by
// SQLAlchemy alone.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "pg/connection.h"
#include "script/sqlalchemy_session.h"

namespace memstack::script {

class EnvironmentSession final : public SqlalchemySession {
 public:
  // `context` is a memstack_migrate.migration_context.MigrationContext whose connection sits on `connection`.
  EnvironmentSession(pybind11::object context, std::shared_ptr<pg::Connection> connection);

  pg::Result Execute(std::string_view sql) override;
  pg::Result Execute(std::string_view sql, std::span<const pg::Parameter> parameters) override;
  pg::Result ExecuteOutsideTransaction(std::string_view sql,
                                       std::span<const pg::Parameter> parameters) override;
  pg::TransactionStatus transaction_status() const override;
  void OnTransactionEnd(pg::TransactionEndHandler handler) override;
  bool is_autocommit() const override { return connection_->is_autocommit(); }

 private:
  // SQLAlchemy must know of the transaction that the next statement will begin.
  void TellSqlalchemy();

  // Runs the statement by way of SQLAlchemy where somebody listens for statements there; else nothing.
  std::optional<pg::Result> ExecuteHeard(std::string_view sql, std::span<const pg::Parameter> parameters);

  const std::shared_ptr<pg::Connection> connection_;
};

}  // namespace memstack::script
