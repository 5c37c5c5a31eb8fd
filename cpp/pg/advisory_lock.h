// The advisory lock that lets one run at a time migrate one version table.
//
// Always tried, never waited for: a session that waits in pg_advisory_lock holds a snapshot, and a CREATE
// INDEX CONCURRENTLY of the holder waits for that snapshot: a deadlock. Waiting, backing off and giving up
// belong to migrate/migration_lock.
//
// For an operator: every lock of this kind, and who has it, in the current database:
//   SELECT a.pid, a.usename, a.client_addr, a.application_name, a.state
//   FROM pg_locks l JOIN pg_stat_activity a USING (pid)
//   WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted;
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pg/session.h"

namespace memstack::pg {

// Which lock. The server makes the number from it, together with the name of the current database:
// hashtextextended('memstack_migrate/' || current_database() || '/' || schema || '/' || table, 0).
struct LockName {
  std::optional<std::string> schema;  // of the version table; nothing: the session's current_schema()
  std::string table = "alembic_version";
};

// Who holds a lock. A field is absent where the server keeps it from this user (without pg_read_all_stats
// only user and application_name can be seen of other users' sessions) or does not know it.
struct LockHolder {
  int pid = 0;
  std::optional<std::string> user;
  std::optional<std::string> client_address;  // absent: a unix socket
  std::optional<std::string> application_name;
  std::optional<std::string> state;            // "active", "idle in transaction", ...
  std::optional<std::string> connected_since;  // as the session's DateStyle and TimeZone write it
  std::optional<std::string> query_since;      // start of the current or last query
};

// A session-level lock, held until Release, the destructor, or the end of the session: a commit does not end
// it. Move-only; a moved-from guard holds nothing. One thread at a time: the session's.
class AdvisoryLock {
 public:
  // Nothing: another session holds it. Waits for nobody. REQUIRES: `session` outlives the guard.
  static std::optional<AdvisoryLock> Try(Session& session, const LockName& name);

  AdvisoryLock(AdvisoryLock&& other) noexcept;
  AdvisoryLock& operator=(AdvisoryLock&& other) noexcept;
  AdvisoryLock(const AdvisoryLock&) = delete;
  AdvisoryLock& operator=(const AdvisoryLock&) = delete;
  ~AdvisoryLock();

  // Gives the lock back. What goes wrong is logged. In a failed transaction nothing can be sent: call it
  // after the rollback; otherwise the lock stays until the session ends (logged, too).
  void Release() noexcept;
  bool is_held() const { return session_ != nullptr; }
  // The lock's number, as pg_locks shows it in two halves (classid, objid).
  int64_t key() const { return key_; }

 private:
  AdvisoryLock(Session& session, int64_t key) : session_(&session), key_(key) {}

  Session* session_;
  int64_t key_;
};

// The same lock, at transaction level: the server gives it back at COMMIT or ROLLBACK. For a transaction that
// somebody else owns, and for poolers in transaction mode. False: another session holds it.
// REQUIRES: a transaction is open.
[[nodiscard]] bool TryTransactionLock(Session& session, const LockName& name);

// Who holds the lock, at either level; nothing: nobody (any more).
std::optional<LockHolder> FindLockHolder(Session& session, const LockName& name);

}  // namespace memstack::pg
