#include "pg/connection.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "pg/connect.h"
#include "pg/lost_connection.h"
#include "pg/server_error.h"
#include "pg/transaction_tags.h"

namespace memstack::pg {
namespace {

// https://www.postgresql.org/docs/current/errcodes-appendix.html in_failed_sql_transaction
constexpr std::string_view kInFailedTransaction = "25P02";

TransactionStatus StatusOf(const PGconn* connection) {
  switch (PQtransactionStatus(connection)) {
    case PQTRANS_IDLE:
      return TransactionStatus::kIdle;
    case PQTRANS_ACTIVE:
      return TransactionStatus::kActive;
    case PQTRANS_INTRANS:
      return TransactionStatus::kInTransaction;
    case PQTRANS_INERROR:
      return TransactionStatus::kInError;
    case PQTRANS_UNKNOWN:
      return TransactionStatus::kUnknown;
  }
  return TransactionStatus::kUnknown;
}

bool IsOpen(TransactionStatus status) {
  return status == TransactionStatus::kInTransaction || status == TransactionStatus::kInError;
}

std::string TextOf(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace

class Connection::BusyGuard {
 public:
  explicit BusyGuard(Connection& connection) : connection_(connection) {
    if (!connection.wire_.is_owner()) {
      throw Error(ErrorCode::kInternal, "a connection was used in a child process made by fork()")
          .Hint("open a connection of its own in the child");
    }
    if (connection_.is_busy_.exchange(true)) {
      throw Error(ErrorCode::kInternal, "a connection was used while it was busy with another call")
          .Hint("use a connection of its own in each thread, and none inside its own callbacks");
    }
    if (connection.wire_.get() == nullptr) {
      connection_.is_busy_ = false;
      throw Error(ErrorCode::kConnection, fmt::format("the connection to {} is closed", connection.place_))
          .Hint("open a new connection");
    }
  }
  ~BusyGuard() { connection_.is_busy_ = false; }
  BusyGuard(const BusyGuard&) = delete;
  BusyGuard& operator=(const BusyGuard&) = delete;

 private:
  Connection& connection_;
};

std::unique_ptr<Connection> Connection::Open(const ConnectionParameters& parameters) {
  return std::unique_ptr<Connection>(new Connection(Connect(parameters)));
}

Connection::Connection(ConnectionHandle handle) : wire_(std::move(handle)), place_(PlaceOf(wire_.get())) {
  PQsetNoticeReceiver(wire_.get(), &Connection::ReceiveNotice, this);
}

Connection::~Connection() {
  Close();
}

void Connection::ReceiveNotice(void* self, const PGresult* notice) {
  const auto& handler = static_cast<Connection*>(self)->on_notice_;
  if (!handler) return;
  // Below us is libpq's C code: nothing may be thrown through it.
  try {
    ServerDiagnostics said = DiagnosticsOf(notice);
    handler({.severity = std::move(said.severity),
             .sqlstate = std::move(said.sqlstate),
             .message = std::move(said.message),
             .detail = std::move(said.detail),
             .hint = std::move(said.hint)});
  } catch (const std::exception& error) {
    LogWarning(kEngineLogger, "a notice of the server could not be handed on: {}", error.what());
  }
}

Result Connection::Execute(std::string_view sql) {
  BeginWhereAsked();
  return Run(sql, [&] {
    wire_.CheckBetweenStatements();
    return wire_.Query(sql);
  });
}

Result Connection::Execute(std::string_view sql, std::span<const Parameter> parameters) {
  BeginWhereAsked();
  return Run(sql, [&] {
    wire_.CheckBetweenStatements();
    return wire_.Query(sql, parameters);
  });
}

std::vector<Result> Connection::ExecuteEach(std::string_view sql) {
  BeginWhereAsked();
  Reply reply = Ask(sql, [&] {
    wire_.CheckBetweenStatements();
    return wire_.QueryEach(sql);
  });
  reply.earlier.push_back(std::move(reply.last));
  return {std::make_move_iterator(reply.earlier.begin()), std::make_move_iterator(reply.earlier.end())};
}

Result Connection::ExecuteOutsideTransaction(std::string_view sql, std::span<const Parameter> parameters) {
  return Run(sql, [&] { return wire_.Query(sql, parameters); });
}

Result Connection::CopyIn(std::string_view sql, const CopySource& read) {
  return Copy(sql, "FROM STDIN", [&] { return wire_.CopyIn(sql, read); });
}

Result Connection::CopyOut(std::string_view sql, const CopyTarget& write) {
  return Copy(sql, "TO STDOUT", [&] { return wire_.CopyOut(sql, write); });
}

Result Connection::Copy(std::string_view sql, std::string_view form, const std::function<Reply()>& exchange) {
  BeginWhereAsked();
  bool did_copy = false;
  Result result = Run(sql, [&] {
    Reply reply = exchange();
    did_copy = reply.did_copy;
    return reply;
  });
  if (did_copy) return result;
  throw Error(ErrorCode::kUnsupported, fmt::format("the statement is not a COPY ... {}", form))
      .Statement(std::string(sql), {});
}

void Connection::BeginWhereAsked() {
  if (!begins_transactions_ || (begins_once_ && has_begun_)) return;
  Begin();
  has_begun_ = true;
}

void Connection::Begin() {
  if (is_open() && transaction_status() != TransactionStatus::kIdle) return;
  const std::string sql = characteristics_.empty() ? "BEGIN" : "BEGIN " + characteristics_;
  Run(fmt::format("[{}]", sql), [&] { return wire_.Query(sql); });
}

void Connection::Commit() {
  has_begun_ = false;
  const TransactionStatus before = transaction_status();
  if (is_open() && before == TransactionStatus::kIdle) return;
  // Where the transaction has failed the server answers COMMIT by ROLLBACK, and no error: Run sees that.
  Run("[COMMIT]", [&] { return wire_.Query("COMMIT"); });
}

void Connection::Rollback() {
  has_begun_ = false;
  if (is_open() && transaction_status() == TransactionStatus::kIdle) return;
  Run("[ROLLBACK]", [&] { return wire_.Query("ROLLBACK"); });
}

Result Connection::Run(std::string_view sql, const std::function<Reply()>& send) {
  return Result(std::move(Ask(sql, send).last));
}

Reply Connection::Ask(std::string_view sql, const std::function<Reply()>& send) {
  Reply reply;
  bool was_in_transaction = false;
  std::vector<TransactionEnd> ends;
  try {
    const BusyGuard busy(*this);
    was_in_transaction = IsOpen(StatusOf(wire_.get()));
    reply = send();
    if (reply.is_lost) {
      if (was_in_transaction) ends = {MayCommit(sql) ? TransactionEnd::kInDoubt : TransactionEnd::kLost};
    } else {
      ends = EndsOf(reply.transaction_tags, was_in_transaction, IsOpen(StatusOf(wire_.get())), sql);
    }
  } catch (...) {
    // Given up by the wire: the server did not stop the statement.
    if (was_in_transaction && wire_.get() == nullptr) NotifyEnd(TransactionEnd::kLost);
    throw;
  }
  for (const TransactionEnd end : ends) NotifyEnd(end);
  CheckReply(reply, sql, was_in_transaction);
  return reply;
}

void Connection::CheckReply(const Reply& reply, std::string_view sql, bool was_in_transaction) const {
  if (reply.is_lost) {
    // What the server said in parting ("terminating connection due to ...") tells more than "it closed".
    const std::string said =
        reply.error == nullptr ? reply.lost_message : DiagnosticsOf(reply.error.get()).message;
    throw LostConnection(place_, said.empty() ? reply.lost_message : said, sql, was_in_transaction);
  }
  if (reply.met_other_copy) {
    throw Error(ErrorCode::kUnsupported, "COPY to or from the client cannot be run as an ordinary statement")
        .Statement(std::string(sql), {})
        .Hint("use copy_expert() of a cursor of this connection, or COPY to a file of the server");
  }
  if (reply.error != nullptr) throw RefusedStatement(reply.error.get(), sql);
  const bool was_rolled_back = !reply.transaction_tags.empty() && reply.transaction_tags.back() == "ROLLBACK";
  if (was_in_transaction && was_rolled_back && IsCommit(sql)) {
    ServerDiagnostics said;
    said.sqlstate = kInFailedTransaction;
    throw Error(ErrorCode::kSql,
                "COMMIT of a transaction in which a statement had failed: it was rolled back")
        .Statement(std::string(sql), std::move(said))
        .State("the transaction was rolled back")
        .Hint("let the first error through, or run the statement that may fail inside a savepoint");
  }
}

void Connection::NotifyEnd(TransactionEnd end) noexcept {
  for (const TransactionEndHandler& handler : on_transaction_end_) {
    try {
      handler(end);
    } catch (const std::exception& error) {
      LogWarning(kEngineLogger, "after the end of a transaction: {}", error.what());
    } catch (...) {
      LogWarning(kEngineLogger, "after the end of a transaction: an unknown error");
    }
  }
}

TransactionStatus Connection::transaction_status() const {
  return StatusOf(wire_.get());
}

void Connection::Cancel() {
  wire_.Cancel();
}

void Connection::Close() noexcept {
  const bool was_in_transaction = wire_.is_owner() && IsOpen(transaction_status());
  wire_.Close();
  if (was_in_transaction) NotifyEnd(TransactionEnd::kRolledBack);
}

bool Connection::is_open() const {
  return wire_.get() != nullptr && wire_.is_owner() && PQstatus(wire_.get()) == CONNECTION_OK;
}

int Connection::server_version() const {
  return PQserverVersion(wire_.get());
}
int Connection::backend_pid() const {
  return PQbackendPID(wire_.get());
}
std::string Connection::host() const {
  return TextOf(PQhost(wire_.get()));
}
std::string Connection::port() const {
  return TextOf(PQport(wire_.get()));
}
std::string Connection::database() const {
  return TextOf(PQdb(wire_.get()));
}
std::string Connection::user() const {
  return TextOf(PQuser(wire_.get()));
}

std::string Connection::server_parameter(const std::string& name) const {
  return TextOf(PQparameterStatus(wire_.get(), name.c_str()));
}

std::string DatabaseText(const Connection& connection) {
  const std::string host = connection.host();
  const std::string_view port = host.starts_with('/') ? "/.s.PGSQL." : ":";
  return fmt::format("{} on {}{}{}", connection.database(), host, port, connection.port());
}

}  // namespace memstack::pg
