// One run at a time on one version table: waits its turn, and says whom it waits for.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "migrate/report.h"
#include "migrate/version_table.h"
#include "pg/advisory_lock.h"
#include "pg/session.h"

namespace memstack::migrate {

struct LockOptions {
  // How long to wait for another run; kLockTimeout after that. Nothing: for ever. Default: 5 minutes.
  std::optional<std::chrono::milliseconds> timeout = std::chrono::minutes(5);
  // Between two tries; it grows from the first to the second, so that many waiting starters ask little.
  std::chrono::milliseconds first_pause{20};
  std::chrono::milliseconds longest_pause{500};
  // The clock, for tests to hold. Default: sleeps, and lets an interrupt end the sleep; the steady clock.
  std::function<void(std::chrono::milliseconds)> sleep;
  std::function<std::chrono::steady_clock::time_point()> now;
};

enum class LockScope {
  kSession,      // held over commits, given back at the end of the run
  kTransaction,  // given back by the server with the transaction: where the transaction is not ours
};

// Held until destroyed (kSession) or until the transaction ends (kTransaction). One thread at a time. It
// waits outside any transaction where the scope is kSession: an idle transaction would stall the holder's
// CREATE INDEX CONCURRENTLY.
class MigrationLock {
 public:
  // Throws kLockTimeout, naming the holder, what it is doing, and the statement that looks at it.
  static MigrationLock Acquire(std::shared_ptr<pg::Session> session, const VersionTableName& table,
                               LockScope scope, const LockOptions& options);

  MigrationLock(MigrationLock&&) noexcept = default;
  MigrationLock& operator=(MigrationLock&&) = delete;
  ~MigrationLock() = default;

  Milliseconds waited() const { return waited_; }
  // The first holder that was waited for, as a message shows it; "" if nobody held it.
  const std::string& waited_for() const { return waited_for_; }

 private:
  MigrationLock() = default;

  std::shared_ptr<pg::Session> session_;  // outlives guard_
  std::optional<pg::AdvisoryLock> guard_;
  Milliseconds waited_{0};
  std::string waited_for_;
};

}  // namespace memstack::migrate
