#include "pg/wire.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "pg/interrupt.h"
#include "pg/server_error.h"
#include "pg/transaction_tags.h"

namespace memstack::pg {
namespace {

using Clock = std::chrono::steady_clock;

// How long a cancelled statement may take to stop before its connection is given up.
constexpr std::chrono::seconds kCancelLimit{10};

// libpq takes C strings: behind a NUL character it would silently see nothing.
std::string WithoutNul(std::string_view sql) {
  if (sql.find('\0') == std::string_view::npos) return std::string(sql);
  Error error(ErrorCode::kSql, "the statement or one of its values holds a NUL character");
  error.Statement(std::string(sql.substr(0, sql.find('\0'))), {})
      .Hint("PostgreSQL text cannot hold NUL: remove it");
  throw error;
}

bool IsCopyStart(ExecStatusType status) {
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

bool IsRefusal(ExecStatusType status) {
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
}

void Add(Reply& reply, ResultHandle result, bool keeps_earlier) {
  const std::string_view tag = PQcmdStatus(result.get());
  if (IsTransactionTag(tag)) reply.transaction_tags.emplace_back(tag);
  if (IsRefusal(PQresultStatus(result.get()))) {
    if (reply.error == nullptr) reply.error = std::move(result);
  } else {
    if (keeps_earlier && reply.last != nullptr) reply.earlier.push_back(std::move(reply.last));
    reply.last = std::move(result);
  }
}

// Waits at most until `deadline` or kInterruptInterval, whichever comes first; 0: nothing came.
short Poll(int socket, short events, Clock::time_point deadline) {
  if (socket < 0) return POLLERR;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  const auto limit = std::clamp(left, std::chrono::milliseconds(0), kInterruptInterval);
  pollfd waited{.fd = socket, .events = events, .revents = 0};
  const int count = poll(&waited, 1, static_cast<int>(limit.count()));
  if (count < 0 && errno != EINTR) return POLLERR;
  return count > 0 ? waited.revents : short{0};
}

}  // namespace

Wire::Wire(ConnectionHandle handle) : handle_(std::move(handle)), cancel_(PQgetCancel(handle_.get())) {
  PQsetnonblocking(handle_.get(), 1);
}

Reply Wire::Query(std::string_view sql) {
  const std::string text = WithoutNul(sql);
  return Exchange([&] { return PQsendQuery(handle_.get(), text.c_str()); }, {});
}

Reply Wire::QueryEach(std::string_view sql) {
  const std::string text = WithoutNul(sql);
  return Exchange([&] { return PQsendQuery(handle_.get(), text.c_str()); }, {}, Kept::kEach);
}

Reply Wire::Query(std::string_view sql, std::span<const Parameter> parameters) {
  const std::string text = WithoutNul(sql);
  std::vector<std::string> kept;
  kept.reserve(parameters.size());  // the pointers below need it to stay where it is
  std::vector<const char*> values;
  for (const Parameter& parameter : parameters) {
    values.push_back(parameter ? kept.emplace_back(WithoutNul(*parameter)).c_str() : nullptr);
  }
  return Exchange(
      [&] {
        return PQsendQueryParams(handle_.get(), text.c_str(), static_cast<int>(values.size()), nullptr,
                                 values.data(), nullptr, nullptr, 0);
      },
      {});
}

Reply Wire::CopyIn(std::string_view sql, const CopySource& read) {
  const std::string text = WithoutNul(sql);
  return Exchange([&] { return PQsendQuery(handle_.get(), text.c_str()); },
                  [&](ExecStatusType status) {
                    if (status != PGRES_COPY_IN) return false;
                    SendCopyData(read);
                    return true;
                  });
}

Reply Wire::CopyOut(std::string_view sql, const CopyTarget& write) {
  const std::string text = WithoutNul(sql);
  return Exchange([&] { return PQsendQuery(handle_.get(), text.c_str()); },
                  [&](ExecStatusType status) {
                    if (status != PGRES_COPY_OUT) return false;
                    ReceiveCopyData(write);
                    return true;
                  });
}

Reply Wire::Exchange(const std::function<int()>& send, const CopyStep& copy, Kept kept) {
  next_check_ = Clock::now() + kInterruptInterval;
  Reply reply;
  if (send() == 1) {
    try {
      Flush();
      reply = Collect(copy, kept);
    } catch (...) {
      AbandonStatement();
      throw;
    }
  }
  if (PQstatus(handle_.get()) == CONNECTION_BAD) {
    reply.is_lost = true;
    reply.lost_message = OneLine(PQerrorMessage(handle_.get()));
  } else if (reply.last == nullptr && reply.error == nullptr) {
    // The request was not sent (too many parameters, a protocol out of step): only the connection knows why.
    throw Error(ErrorCode::kInternal, "libpq: " + OneLine(PQerrorMessage(handle_.get())));
  }
  return reply;
}

Reply Wire::Collect(const CopyStep& copy, Kept kept) {
  Reply reply;
  while (ResultHandle result = NextResult()) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (!IsCopyStart(status)) {
      Add(reply, std::move(result), kept == Kept::kEach);
      continue;
    }
    // libpq gives a COPY start again and again for as long as nobody serves it, on a dead connection, too.
    if (PQstatus(handle_.get()) == CONNECTION_BAD) break;
    if (copy && !reply.did_copy && copy(status)) {
      reply.did_copy = true;
    } else {
      reply.met_other_copy = true;
      if (status == PGRES_COPY_OUT) {
        ReceiveCopyData([](std::string_view) {});
      } else {
        EndCopyIn("no data was given");
      }
    }
  }
  return reply;
}

void Wire::SendCopyData(const CopySource& read) {
  // libpq would take everything into memory when the server is slow, so what it holds is sent now and then.
  constexpr size_t kFlushAfter = 1 << 16;
  size_t unsent = 0;
  is_copying_in_ = true;
  for (std::string piece = read(); !piece.empty(); piece = read()) {
    for (std::string_view rest = piece; !rest.empty();
         rest.remove_prefix(std::min(rest.size(), kFlushAfter))) {
      const std::string_view part = rest.substr(0, kFlushAfter);
      if (PQputCopyData(handle_.get(), part.data(), static_cast<int>(part.size())) < 0) break;
      unsent += part.size();
      if (unsent < kFlushAfter) continue;
      unsent = 0;
      Flush();
    }
  }
  EndCopyIn(nullptr);
}

void Wire::EndCopyIn(const char* error) {
  is_copying_in_ = false;
  PQputCopyEnd(handle_.get(), error);
  Flush();
}

void Wire::ReceiveCopyData(const CopyTarget& write) {
  while (true) {
    char* buffer = nullptr;
    const int length = PQgetCopyData(handle_.get(), &buffer, /*async=*/1);
    const LibpqString row(buffer);
    if (length < 0) return;  // the end, or a failure: the next result says which
    if (length > 0) {
      write(std::string_view(row.get(), static_cast<size_t>(length)));
    } else {
      Wait(POLLIN);
      if (PQconsumeInput(handle_.get()) == 0) return;
    }
  }
}

short Wire::Wait(short events) {
  while (true) {
    const short came = Poll(PQsocket(handle_.get()), events, next_check_);
    if (came == 0 || Clock::now() >= next_check_) Check();
    if (came != 0) return came;
  }
}

void Wire::Check() {
  last_check_ = Clock::now();
  next_check_ = last_check_ + kInterruptInterval;
  CheckForInterrupt();
}

void Wire::CheckBetweenStatements() {
  if (Clock::now() >= last_check_ + kInterruptInterval) Check();
}

void Wire::Flush() {
  // Reading meanwhile: a server that waits for us to read would never take what we send.
  while (PQflush(handle_.get()) == 1) {
    if ((Wait(POLLIN | POLLOUT) & ~POLLOUT) != 0 && PQconsumeInput(handle_.get()) == 0) return;
  }
}

ResultHandle Wire::NextResult() {
  while (PQisBusy(handle_.get()) != 0) {
    Wait(POLLIN);
    if (PQconsumeInput(handle_.get()) == 0) break;
  }
  return ResultHandle(PQgetResult(handle_.get()));
}

void Wire::Cancel() {
  std::array<char, 256> why{};
  if (PQcancel(cancel_.get(), why.data(), static_cast<int>(why.size())) == 1) return;
  throw Error(ErrorCode::kConnection,
              "cannot ask the server to cancel the statement: " + OneLine(why.data()));
}

void Wire::AbandonStatement() noexcept {
  try {
    // A COPY from us is ended by saying so; a cancellation might arrive behind that, and hit what comes next.
    if (!is_copying_in_) Cancel();
    is_copying_in_ = false;
    if (Drain(Clock::now() + kCancelLimit)) return;
    LogWarning(kEngineLogger, "the server did not stop a cancelled statement within {} s: connection closed",
               kCancelLimit.count());
  } catch (const std::exception& error) {
    LogWarning(kEngineLogger, "a statement could not be cancelled, connection closed: {}", error.what());
  }
  Close();
}

bool Wire::Drain(Clock::time_point deadline) {
  PGconn* connection = handle_.get();
  while (Clock::now() < deadline) {
    if (PQstatus(connection) == CONNECTION_BAD) return true;
    const bool is_sent = PQflush(connection) != 1;
    if (!is_sent || PQisBusy(connection) != 0) {
      Poll(PQsocket(connection), is_sent ? POLLIN : POLLIN | POLLOUT, deadline);
      PQconsumeInput(connection);
      continue;
    }
    const ResultHandle result(PQgetResult(connection));
    if (result == nullptr) return true;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN) PQputCopyEnd(connection, "interrupted");
    if (status != PGRES_COPY_OUT) continue;
    char* buffer = nullptr;
    while (PQgetCopyData(connection, &buffer, /*async=*/1) > 0) LibpqString(std::exchange(buffer, nullptr));
    Poll(PQsocket(connection), POLLIN, Clock::now() + std::chrono::milliseconds(10));
    PQconsumeInput(connection);
  }
  return false;
}

}  // namespace memstack::pg
