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
// The state is never kept beside libpq's own: transaction_status() asks PQtransactionStatus. (What psycopg2
// believes of it is kept, for begins_once.)
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pg/connection_parameters.h"
#include "pg/session.h"
#include "pg/wire.h"

namespace memstack::pg {

// A NOTICE, WARNING, ... that the server sent beside a result.
struct Notice {
  std::string severity;
  std::string sqlstate;
  std::string message;
  std::string detail;
  std::string hint;
};

// One thread at a time: a call while another thread (or a callback of the same one) is inside throws
// kInternal and never races. A copy in a forked child throws kInternal on use and does not close the parent's
// session.
//
// Every wait can be ended by InterruptCheck (pg/interrupt.h): the statement is cancelled, its answer is read,
// and what the check threw goes on. An open transaction is then failed, as after any other error. Between
// quick statements Execute asks as well, before it sends anything.
class Connection final : public Session {
 public:
  using NoticeHandler = std::function<void(const Notice&)>;

  // Connects and waits at most `connect_timeout` of the parameters (libpq's default: for ever). Sets
  // client_encoding to UTF8. Throws kConnection, which says what happened and what to do; the message never
  // holds the password.
  static std::unique_ptr<Connection> Open(const ConnectionParameters& parameters);

  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A COPY to or from the client throws kUnsupported: see CopyIn and CopyOut.
  Result Execute(std::string_view sql) override;
  Result Execute(std::string_view sql, std::span<const Parameter> parameters) override;
  Result ExecuteOutsideTransaction(std::string_view sql, std::span<const Parameter> parameters) override;
  // As Execute, but gives the results of all statements, in their order: at least one.
  std::vector<Result> ExecuteEach(std::string_view sql);
  // COPY ... FROM STDIN: `read` gives the next piece, "" at the end; what it throws ends the COPY and is
  // rethrown. Another statement throws kUnsupported, after it ran.
  Result CopyIn(std::string_view sql, const CopySource& read);
  // COPY ... TO STDOUT: `write` gets each row of data; what it throws ends the COPY and is rethrown.
  Result CopyOut(std::string_view sql, const CopyTarget& write);

  // No-ops where there is nothing to do: Begin in a transaction, Commit and Rollback outside one.
  // Commit of a failed transaction throws kSql and rolls back (a server would answer ROLLBACK and no error).
  void Begin() override;
  void Commit() override;
  void Rollback() override;

  TransactionStatus transaction_status() const override;
  void OnTransactionEnd(TransactionEndHandler handler) override {
    on_transaction_end_.push_back(std::move(handler));
  }
  bool is_autocommit() const override { return !begins_transactions_; }

  // True: a statement outside a transaction first sends BEGIN (PEP 249). Default: false (autocommit).
  void set_begins_transactions(bool value) {
    begins_transactions_ = value;
    has_begun_ = false;
  }
  bool begins_transactions() const { return begins_transactions_; }
  // True: it does so once until Commit() or Rollback(), even if a statement ended the transaction meanwhile,
  // so that what follows execute("COMMIT") runs in none (psycopg2; CREATE INDEX CONCURRENTLY needs that).
  // Default: false, by the server's own status (psycopg 3).
  void set_begins_once(bool value) { begins_once_ = value; }
  bool begins_once() const { return begins_once_; }
  // What is put behind BEGIN, e.g. "ISOLATION LEVEL SERIALIZABLE"; default "".
  void set_transaction_characteristics(std::string value) { characteristics_ = std::move(value); }
  const std::string& transaction_characteristics() const { return characteristics_; }

  // Called while a statement runs: it must not use the connection. What it throws is logged.
  void OnNotice(NoticeHandler handler) { on_notice_ = std::move(handler); }

  // Asks the server to stop the running statement, which then fails with SQLSTATE 57014; nothing runs: no
  // effect. The only function that another thread may call; the object must outlive it.
  void Cancel();
  // Closes now; an open transaction is rolled back by the server (handlers: kRolledBack). Closing twice is
  // harmless. REQUIRES: no other thread is inside.
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

  static void ReceiveNotice(void* self, const PGresult* notice);
  void BeginWhereAsked();
  // Sends by `send`, then applies the rules: errors, ends of transactions. `sql` is what an error shows.
  Result Run(std::string_view sql, const std::function<Reply()>& send);
  Reply Ask(std::string_view sql, const std::function<Reply()>& send);
  // `form` is the kind of COPY that the statement has to be, for the message.
  Result Copy(std::string_view sql, std::string_view form, const std::function<Reply()>& exchange);
  void CheckReply(const Reply& reply, std::string_view sql, bool was_in_transaction) const;
  void NotifyEnd(TransactionEnd end) noexcept;

  Wire wire_;
  const std::string place_;  // for messages; also when the connection is gone
  std::atomic<bool> is_busy_ = false;
  bool begins_transactions_ = false;
  bool begins_once_ = false;
  bool has_begun_ = false;  // since the last Commit() or Rollback()
  std::string characteristics_;
  std::vector<TransactionEndHandler> on_transaction_end_;
  NoticeHandler on_notice_;
};

// Which database, for reports: "app on 127.0.0.1:5432", "app on /run/postgresql/.s.PGSQL.5432". No secret.
std::string DatabaseText(const Connection& connection);

}  // namespace memstack::pg
