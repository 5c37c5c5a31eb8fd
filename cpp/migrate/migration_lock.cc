#include "migrate/migration_lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "pg/interrupt.h"

namespace memstack::migrate {
namespace {

using Clock = std::chrono::steady_clock;

void SleepInterruptibly(std::chrono::milliseconds pause) {
  for (auto left = pause; left.count() > 0; left -= pg::kInterruptInterval) {
    std::this_thread::sleep_for(std::min(left, pg::kInterruptInterval));
    pg::CheckForInterrupt();
  }
}

std::chrono::milliseconds TimeLeft(std::chrono::milliseconds timeout, Milliseconds waited) {
  return std::chrono::ceil<std::chrono::milliseconds>(timeout - waited);
}

std::string Describe(const pg::LockHolder& holder) {
  std::string text = fmt::format("server process {}", holder.pid);
  if (holder.user) text += fmt::format(", user {}", *holder.user);
  if (holder.application_name && !holder.application_name->empty())
    text += fmt::format(", {}", *holder.application_name);
  if (holder.client_address) text += fmt::format(", from {}", *holder.client_address);
  if (holder.connected_since) text += fmt::format(", connected since {}", *holder.connected_since);
  if (holder.state) text += fmt::format(" ({})", *holder.state);
  return text;
}

Error TimeoutError(const std::string& holder, Milliseconds waited, const VersionTableName& table) {
  return Error(ErrorCode::kLockTimeout,
               fmt::format("waited {:.1f} s for the migration lock of {}, which is held by {}",
                           waited.count() / 1000, table.Display(),
                           holder.empty() ? "a session that could not be found" : holder))
      .State("nothing was changed by this run")
      .Hint(
          "wait for that run and start again; to look at it: SELECT * FROM pg_stat_activity WHERE pid = "
          "<that "
          "process>; to end it: SELECT pg_terminate_backend(<that process>)");
}

}  // namespace

MigrationLock MigrationLock::Acquire(std::shared_ptr<pg::Session> session, const VersionTableName& table,
                                     LockScope scope, const LockOptions& options) {
  const pg::LockName name{table.schema.empty() ? std::nullopt : std::optional(table.schema), table.table};
  MigrationLock lock;
  lock.session_ = std::move(session);
  const auto now = [&options] { return options.now ? options.now() : Clock::now(); };
  const auto start = now();
  auto pause = options.first_pause;
  std::string holder;
  while (true) {
    const bool taken = scope == LockScope::kTransaction
                           ? pg::TryTransactionLock(*lock.session_, name)
                           : (lock.guard_ = pg::AdvisoryLock::Try(*lock.session_, name)).has_value();
    lock.waited_ = now() - start;
    if (taken) return lock;
    if (const auto found = pg::FindLockHolder(*lock.session_, name)) holder = Describe(*found);
    if (lock.waited_for_.empty() && !holder.empty()) {
      lock.waited_for_ = holder;
      LogWarning(kEngineLogger, "waiting for the migration lock of {}, held by {}", table.Display(), holder);
    }
    if (options.timeout && lock.waited_ >= *options.timeout) throw TimeoutError(holder, lock.waited_, table);
    const auto next = options.timeout ? std::min(pause, TimeLeft(*options.timeout, lock.waited_)) : pause;
    options.sleep ? options.sleep(next) : SleepInterruptibly(next);
    pause = std::min(pause * 2, options.longest_pause);
  }
}

}  // namespace memstack::migrate
