// The engine's own PostgreSQL connection, on libpq.
//
// States, and what moves between them:
//
//   idle ---- Begin, or a statement while begins_transactions ----> in transaction
//   in transaction ---- a failed statement ----> failed ---- Rollback ----> idle
//   in transaction ---- Commit, Rollback ----> idle
//   any ---- connection lost ----> lost       Commit ---- connection lost ----> lost, in doubt
//   any ---- Close ----> closed
//
// The state is never kept beside libpq's own: transaction_status() asks PQtransactionStatus.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pg/libpq_handle.h"
#include "pg/session.h"

namespace memstack::pg {

// libpq connection keywords and values, in order ("host", "port", "dbname", "user", "password", "sslmode", ...).
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
using ConnectionParameters = std::vector<std::pair<std::string, std::string>>;

// A NOTICE, WARNING, ... that the server sent beside a result.
struct Notice {
  std::string severity;
  std::string sqlstate;
  std::string message;
  std::string detail;
  std::string hint;
};

// How a transaction ended, for those who hold something until then (the migration lock, a report).
enum class TransactionEnd { kCommitted, kRolledBack, kLost };

// One thread at a time: a call while another thread is inside throws kInternal and never races. A copy in a
// forked child throws on use and does not close the parent's session.
class Connection final : public Session {
 public:
  using NoticeHandler = std::function<void(const Notice&)>;
  using TransactionEndHandler = std::function<void(TransactionEnd)>;

  // Connects and waits at most `connect_timeout` of the parameters (libpq's default: for ever). Sets
  // client_encoding to UTF8. Throws kConnection; the message never holds the password.
  static std::unique_ptr<Connection> Open(const ConnectionParameters& parameters);

  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result Execute(std::string_view sql) override;
  Result Execute(std::string_view sql, std::span<const Parameter> parameters) override;
  Result ExecuteOutsideTransaction(std::string_view sql, std::span<const Parameter> parameters) override;
  // COPY ... FROM STDIN: `read` gives the next piece, "" at the end; what it throws ends the COPY and is rethrown.
  Result CopyIn(std::string_view sql, const std::function<std::string()>& read);
  // COPY ... TO STDOUT: `write` gets each row of data.
  Result CopyOut(std::string_view sql, const std::function<void(std::string_view)>& write);

  // No-ops where there is nothing to do: Begin in a transaction, Commit and Rollback outside one.
  // Commit of a failed transaction throws kSql and rolls back (a server would answer ROLLBACK and no error).
  void Begin() override;
  void Commit() override;
  void Rollback() override;

  TransactionStatus transaction_status() const override;

  // True: a statement outside a transaction first sends BEGIN (PEP 249). Default: false (autocommit).
  void set_begins_transactions(bool value) { begins_transactions_ = value; }
  bool begins_transactions() const { return begins_transactions_; }
  // What is put behind BEGIN, e.g. "ISOLATION LEVEL SERIALIZABLE"; default "".
  void set_transaction_characteristics(std::string value) { characteristics_ = std::move(value); }
  const std::string& transaction_characteristics() const { return characteristics_; }

  // Called after each end of a transaction, by Commit and Rollback or by a statement (op.execute("COMMIT")),
  // on the thread that ended it, when the session is idle again and may be used. An empty function: none.
  void OnTransactionEnd(TransactionEndHandler handler) { on_transaction_end_ = std::move(handler); }
  void OnNotice(NoticeHandler handler) { on_notice_ = std::move(handler); }

  // Asks the server to stop the running statement. The only function that another thread may call.
  void Cancel();
  // Closes now; an open transaction is rolled back by the server. Closing twice is harmless.
  void Close() noexcept;
  bool is_open() const;

  int server_version() const;  // 150004 for 15.4
  int backend_pid() const;     // as the protocol said: behind a pooler, not the server's own
  std::string host() const;
  std::string port() const;
  std::string database() const;
  std::string user() const;
  // A parameter that the server reports by itself ("TimeZone", "server_encoding", ...); "" if it does not.
  std::string server_parameter(const std::string& name) const;

 private:
  class BusyGuard;

  explicit Connection(ConnectionHandle handle);

  ConnectionHandle handle_;
  bool begins_transactions_ = false;
  std::string characteristics_;
  TransactionEndHandler on_transaction_end_;
  NoticeHandler on_notice_;
};

}  // namespace memstack::pg
