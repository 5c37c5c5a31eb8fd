// One libpq connection in non-blocking mode: sends one request, waits, and collects all that comes back.
//
// Knows nothing of transactions: pg::Connection adds their rules. Every wait lets InterruptCheck
// (interrupt.h) end it, and lets another thread cancel the statement.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pg/libpq_handle.h"
#include "pg/session.h"

namespace memstack::pg {

// What came back for one request, which may have held several statements.
struct Reply {
  ResultHandle last;                          // of the last statement that succeeded; null: none did
  std::vector<ResultHandle> earlier;          // of those before it, in their order, where QueryEach asked
  ResultHandle error;                         // the first refusal; null: none
  std::vector<std::string> transaction_tags;  // BEGIN, COMMIT, ..., in their order (EndsOf)
  bool is_lost = false;                       // the connection is gone
  std::string lost_message;                   // what libpq said about that
  bool did_copy = false;                      // the COPY that was asked for took place
  bool met_other_copy = false;                // a COPY to or from the client that nobody was there to serve
};

using CopySource = std::function<std::string()>;           // the next piece; "": the end
using CopyTarget = std::function<void(std::string_view)>;  // one row of data

// One thread at a time, except Cancel.
class Wire {
 public:
  // REQUIRES: an open connection.
  explicit Wire(ConnectionHandle handle);

  // What the server refuses is in the Reply. Throws kSql for a statement with a NUL character in it, and what
  // InterruptCheck or a callback throws, after the statement was cancelled and its answer read. A server that
  // does not answer the cancellation either: the connection is closed.
  // REQUIRES: get() is not null.
  Reply Query(std::string_view sql);
  Reply QueryEach(std::string_view sql);
  Reply Query(std::string_view sql, std::span<const Parameter> parameters);
  Reply CopyIn(std::string_view sql, const CopySource& read);
  Reply CopyOut(std::string_view sql, const CopyTarget& write);

  // Calls InterruptCheck where none has been called for kInterruptInterval: of many quick statements none
  // waits for that long.
  void CheckBetweenStatements();

  // Any thread, at any time while the object lives. Throws kConnection when the request cannot be sent.
  void Cancel();
  void Close() noexcept { handle_.reset(); }

  PGconn* get() const { return handle_.get(); }
  bool is_owner() const { return handle_.get_deleter().is_owner(); }

 private:
  // Serves the COPY whose start is `status`; false: not the one that was asked for.
  using CopyStep = std::function<bool(ExecStatusType status)>;

  enum class Kept { kLast, kEach };

  Reply Exchange(const std::function<int()>& send, const CopyStep& copy, Kept kept = Kept::kLast);
  Reply Collect(const CopyStep& copy, Kept kept);
  void SendCopyData(const CopySource& read);
  void ReceiveCopyData(const CopyTarget& write);
  void EndCopyIn(const char* error);
  // Gives the events that came. Calls InterruptCheck when it is due.
  short Wait(short events);
  void Check();
  void Flush();
  ResultHandle NextResult();
  void AbandonStatement() noexcept;
  bool Drain(std::chrono::steady_clock::time_point deadline);

  ConnectionHandle handle_;
  const CancelHandle cancel_;
  std::chrono::steady_clock::time_point next_check_;  // in a wait
  std::chrono::steady_clock::time_point last_check_;
  bool is_copying_in_ = false;
};

}  // namespace memstack::pg
