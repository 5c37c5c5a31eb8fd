// What the sessions over a SQLAlchemy connection have in common: SQLAlchemy begins and ends their
// transactions.
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>

#include "pg/session.h"

namespace memstack::script {

// SQLAlchemy keeps a transaction object of its own; were a transaction opened underneath it, its commit()
// would silently send nothing. So Begin, Commit and Rollback are the MigrationContext's, and arrive at the
// server through the driver. Takes the GIL itself where it needs it, also in its destructor. One thread at a
// time.
class SqlalchemySession : public pg::Session {
 public:
  ~SqlalchemySession() override;
  SqlalchemySession(const SqlalchemySession&) = delete;
  SqlalchemySession& operator=(const SqlalchemySession&) = delete;

  void Begin() override { CallContext("begin"); }
  void Commit() override { CallContext("commit"); }
  void Rollback() override { CallContext("rollback"); }

 protected:
  // `context` is a memstack_migrate.migration_context.MigrationContext.
  explicit SqlalchemySession(pybind11::object context);

  void CallContext(const char* method);

  // Calls a Python method with a statement, which gives a BorrowedConnection.Fetched. What SQLAlchemy says of
  // a refused one becomes an Error; any other exception (an interrupt, one of a listener's) comes out
  // unchanged. REQUIRES: the GIL.
  static pg::Result Fetch(const pybind11::object& method, std::string_view sql);

  const pybind11::object& context() const { return context_; }

 private:
  pybind11::object context_;
};

}  // namespace memstack::script
