#include "pg/advisory_lock.h"

#include <charconv>
#include <exception>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"

namespace memstack::pg {
namespace {

// $1: schema or NULL, $2: table. The key is made once and kept: search_path, and with it current_schema(),
// may be another one when the lock is given back. Without a current schema the key is made of "".
constexpr const char* kTryLock =
    "SELECT key, pg_catalog.pg_try_advisory_lock(key) FROM (SELECT pg_catalog.hashtextextended("
    "'memstack_migrate/' || pg_catalog.current_database() || '/' || "
    "coalesce($1::text, pg_catalog.current_schema()::text, '') || '/' || $2::text, 0) AS key) AS named";

constexpr const char* kTryTransactionLock =
    "SELECT key, pg_catalog.pg_try_advisory_xact_lock(key) FROM (SELECT pg_catalog.hashtextextended("
    "'memstack_migrate/' || pg_catalog.current_database() || '/' || "
    "coalesce($1::text, pg_catalog.current_schema()::text, '') || '/' || $2::text, 0) AS key) AS named";

// $1: key. False, with a WARNING, where this session does not hold it.
constexpr const char* kUnlock = "SELECT pg_catalog.pg_advisory_unlock($1::bigint)";

// $1: schema or NULL, $2: table. A 64-bit key is in pg_locks as two unsigned halves with objsubid 1.
// LEFT JOIN: a lock of a prepared transaction has no pid. client_addr, state and the times are NULL without
// privileges; the pid is not.
constexpr const char* kFindHolder =
    "SELECT l.pid, a.usename, pg_catalog.host(a.client_addr), a.application_name, a.state, "
    "a.backend_start::text, "
    "a.query_start::text FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = "
    "l.pid "
    "CROSS JOIN (SELECT pg_catalog.hashtextextended("
    "'memstack_migrate/' || pg_catalog.current_database() || '/' || "
    "coalesce($1::text, pg_catalog.current_schema()::text, '') || '/' || $2::text, 0) AS key) AS named "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) "
    "AND l.classid = ((named.key >> 32) & 4294967295)::oid AND l.objid = (named.key & 4294967295)::oid";

std::vector<Parameter> ParametersOf(const LockName& name) {
  return {name.schema, name.table};
}

int64_t NumberOf(std::string_view text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<std::string> TextAt(const Result& result, int column) {
  const auto value = result.value(0, column);
  return value && !value->empty() ? std::optional<std::string>(*value) : std::nullopt;
}

}  // namespace

std::optional<AdvisoryLock> AdvisoryLock::Try(Session& session, const LockName& name) {
  const Result result = session.ExecuteOutsideTransaction(kTryLock, ParametersOf(name));
  if (result.value(0, 1) != "t") return std::nullopt;
  return AdvisoryLock(session, NumberOf(result.value(0, 0).value_or("")));
}

AdvisoryLock::AdvisoryLock(AdvisoryLock&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)), key_(other.key_) {}

AdvisoryLock& AdvisoryLock::operator=(AdvisoryLock&& other) noexcept {
  if (this != &other) {
    Release();
    session_ = std::exchange(other.session_, nullptr);
    key_ = other.key_;
  }
  return *this;
}

AdvisoryLock::~AdvisoryLock() {
  Release();
}

void AdvisoryLock::Release() noexcept {
  Session* const session = std::exchange(session_, nullptr);
  // A session that is gone has given its locks back.
  if (session == nullptr || session->transaction_status() == TransactionStatus::kUnknown) return;
  try {
    const std::vector<Parameter> key = {std::to_string(key_)};
    const Result result = session->ExecuteOutsideTransaction(kUnlock, key);
    if (result.value(0, 0) != "t") {
      LogWarning(kEngineLogger,
                 "the migration lock was no longer held by this session when it was given back");
    }
  } catch (const std::exception& error) {
    LogWarning(kEngineLogger,
               "the migration lock stays until the session ends, it could not be given back: {}",
               error.what());
  } catch (...) {
    LogWarning(kEngineLogger, "the migration lock stays until the session ends, it could not be given back");
  }
}

bool TryTransactionLock(Session& session, const LockName& name) {
  const TransactionStatus status = session.transaction_status();
  if (status == TransactionStatus::kIdle) {
    throw Error(ErrorCode::kInternal, "a transaction-level lock was asked for outside a transaction");
  }
  return session.ExecuteOutsideTransaction(kTryTransactionLock, ParametersOf(name)).value(0, 1) == "t";
}

std::optional<LockHolder> FindLockHolder(Session& session, const LockName& name) {
  const Result result = session.ExecuteOutsideTransaction(kFindHolder, ParametersOf(name));
  if (result.row_count() == 0) return std::nullopt;
  return LockHolder{.pid = static_cast<int>(NumberOf(result.value(0, 0).value_or("0"))),
                    .user = TextAt(result, 1),
                    .client_address = TextAt(result, 2),
                    .application_name = TextAt(result, 3),
                    .state = TextAt(result, 4),
                    .connected_since = TextAt(result, 5),
                    .query_since = TextAt(result, 6)};
}

}  // namespace memstack::pg
