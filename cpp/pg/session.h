// Where SQL runs: the one interface through which migrate/ reaches a database.
//
// Implemented by pg::Connection (the engine's own libpq connection) and, in script/, by a session over a
// SQLAlchemy connection that env.py made, where SQLAlchemy alone begins and ends transactions.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pg/result.h"

namespace memstack::pg {

// A bound value in text format; nothing: NULL.
using Parameter = std::optional<std::string>;

// PQtransactionStatus, as far as anybody acts on it.
// https://www.postgresql.org/docs/current/libpq-status.html#LIBPQ-PQTRANSACTIONSTATUS
enum class TransactionStatus {
  kIdle,           // no transaction
  kActive,         // a statement is running
  kInTransaction,  // in a transaction that works
  kInError,        // in a transaction that takes only ROLLBACK
  kUnknown,        // the connection is gone
};

// How a transaction ended, for those who hold something until then (the migration lock, a report).
// kRolledBack stands for everything that kept nothing visible, PREPARE TRANSACTION included.
// kLost: the connection went, and the work with it; kInDoubt: it went during COMMIT.
enum class TransactionEnd { kCommitted, kRolledBack, kLost, kInDoubt };
using TransactionEndHandler = std::function<void(TransactionEnd)>;

// One thread at a time. Every function throws memstack::Error: kSql with the statement and all that the
// server said, kConnection when the connection is lost, kCommitInDoubt when it is lost during COMMIT.
class Session {
 public:
  virtual ~Session() = default;

  // Runs a statement, or several separated by semicolons; gives the last one's result. The session's rules
  // about transactions apply: one that begins transactions by itself (PEP 249) does so before the first
  // statement.
  virtual Result Execute(std::string_view sql) = 0;
  // Runs one statement with bound values ($1, $2, ...).
  virtual Result Execute(std::string_view sql, std::span<const Parameter> parameters) = 0;
  // Like the second Execute, but never begins a transaction by itself. For the lock and for looking.
  virtual Result ExecuteOutsideTransaction(std::string_view sql, std::span<const Parameter> parameters) = 0;

  virtual void Begin() = 0;
  virtual void Commit() = 0;
  virtual void Rollback() = 0;

  virtual TransactionStatus transaction_status() const = 0;

  // Called after each end of a transaction, by Commit and Rollback or by a statement (op.execute("COMMIT")),
  // on the thread that ended it, when the session is idle again and may be used (kLost: it may not). A string
  // that ends one transaction and begins the next ("COMMIT; BEGIN") is reported when that one ends. What the
  // handler throws is logged. Adds to the handlers that are there, for as long as the connection lives.
  virtual void OnTransactionEnd(TransactionEndHandler handler) = 0;

  // True: statements take effect at once, whatever the caller believes to have begun.
  virtual bool is_autocommit() const = 0;
};

}  // namespace memstack::pg
