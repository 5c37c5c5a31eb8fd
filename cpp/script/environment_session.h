// The session of a connection that env.py made with our driver: statements go to libpq at once, transactions
// are begun and ended by SQLAlchemy alone.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "pg/connection.h"
#include "pg/session.h"

namespace memstack::script {

// SQLAlchemy keeps a transaction object of its own; were a transaction opened underneath it, its commit()
// would silently send nothing. So Begin, Commit and Rollback are the MigrationContext's, and arrive here
// through the driver. Takes the GIL itself where it needs it, also in its destructor. One thread at a time.
class EnvironmentSession final : public pg::Session {
 public:
  // `context` is a memstack_migrate.environment.MigrationContext whose connection sits on `connection`.
  EnvironmentSession(pybind11::object context, std::shared_ptr<pg::Connection> connection);
  ~EnvironmentSession() override;

  pg::Result Execute(std::string_view sql) override;
  pg::Result Execute(std::string_view sql, std::span<const pg::Parameter> parameters) override;
  pg::Result ExecuteOutsideTransaction(std::string_view sql,
                                       std::span<const pg::Parameter> parameters) override;
  void Begin() override;
  void Commit() override;
  void Rollback() override;
  pg::TransactionStatus transaction_status() const override;
  void OnTransactionEnd(pg::TransactionEndHandler handler) override;
  bool is_autocommit() const override { return connection_->is_autocommit(); }

 private:
  void CallContext(const char* method);
  // SQLAlchemy must know of the transaction that the next statement will begin.
  void TellSqlalchemy();

  pybind11::object context_;
  const std::shared_ptr<pg::Connection> connection_;
};

}  // namespace memstack::script
