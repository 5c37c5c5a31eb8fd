// The session of a connection that another driver made (psycopg, asyncpg, ...): the application's own, or one
// that only that driver can open.
#pragma once

#include <pybind11/pybind11.h>

#include <functional>
#include <memory>

#include "pg/connection.h"
#include "script/sqlalchemy_session.h"

namespace memstack::script {

// Over a memstack_migrate.borrowed_connection.BorrowedConnection. Statements pass by SQLAlchemy, so that its
// events and its transaction know of them; before each that Execute sends InterruptCheck (pg/interrupt.h) is
// asked, since a wait is the driver's; values are literals, since drivers write placeholders differently.
// How a transaction ended is heard where SQLAlchemy ended it; a COMMIT in somebody's own statement is noticed
// at the session's next call.
class BorrowedSession final : public SqlalchemySession {
 public:
  // `context` is a memstack_migrate.migration_context.MigrationContext. REQUIRES: the GIL.
  BorrowedSession(pybind11::object context, pybind11::object connection);
  ~BorrowedSession() override;

  pg::Result Execute(std::string_view sql) override;
  pg::Result Execute(std::string_view sql, std::span<const pg::Parameter> parameters) override;
  pg::Result ExecuteOutsideTransaction(std::string_view sql,
                                       std::span<const pg::Parameter> parameters) override;
  pg::TransactionStatus transaction_status() const override;
  void OnTransactionEnd(pg::TransactionEndHandler handler) override;
  bool is_autocommit() const override;

  // A session of the engine's own on the address that the borrowed connection has, in a transaction that only
  // looks; null where that cannot be told or reached. `connection_of`: the connection inside an object of
  // class _engine.Connection.
  std::shared_ptr<pg::Connection> OpenOther(
      const std::function<std::shared_ptr<pg::Connection>(pybind11::handle)>& connection_of) const;

 private:
  pg::Result Call(const char* method, std::string_view sql);

  pybind11::object connection_;
};

}  // namespace memstack::script
