#include "pg/migration_session.h"

#include <array>

#include "base/error.h"
#include "base/log.h"

namespace memstack::pg {
namespace {

// A dead network is noticed after keepalives_idle + keepalives_interval * keepalives_count = 60 s where
// nothing is under way, and after tcp_user_timeout (milliseconds) where something is.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES
constexpr std::array<std::pair<const char*, const char*>, 4> kDefaults = {{
    {"keepalives_idle", "30"},
    {"keepalives_interval", "10"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "60000"},
}};

// An unknown setting in set_config() is an error even under CASE, so the row is filtered instead.
constexpr const char* kCheckInterval =
    "SELECT pg_catalog.set_config('client_connection_check_interval', '1s', false) "
    "FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval'";

}  // namespace

ConnectionParameters WithMigrationDefaults(ConnectionParameters parameters) {
  for (const auto& [keyword, value] : kDefaults) {
    if (ParameterValue(parameters, keyword).empty()) parameters.emplace_back(keyword, value);
  }
  return parameters;
}

void PrepareMigrationSession(Session& session) {
  if (session.transaction_status() != TransactionStatus::kIdle) {
    throw Error(ErrorCode::kInternal, "the migrating session was to be prepared inside a transaction");
  }
  try {
    session.ExecuteOutsideTransaction(kCheckInterval, {});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kSql) throw;
    // Not every operating system of a server can watch a socket: the setting then takes no value but 0.
    LogInfo(kEngineLogger, "client_connection_check_interval is not available: {}", error.what());
  }
}

}  // namespace memstack::pg
