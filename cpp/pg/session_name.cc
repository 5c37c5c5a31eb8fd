#include "pg/session_name.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <exception>
#include <utility>
#include <vector>

#include "base/log.h"

namespace memstack::pg {
namespace {

// NAMEDATALEN - 1
constexpr size_t kLongestName = 63;

// $1: name, $2: true for the transaction only. A user names a session in the URL, by PGAPPNAME, or ALTER ROLE
// ... SET.
constexpr const char* kSetName =
    "SELECT pg_catalog.set_config('application_name', $1, $2::boolean)"
    " WHERE pg_catalog.current_setting('application_name') = ''";

// It was empty before, but what a revision has SET stays.
// $1: name
constexpr const char* kResetName =
    "SELECT pg_catalog.set_config('application_name', '', false)"
    " WHERE pg_catalog.current_setting('application_name') = $1";

std::string HostName() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

}  // namespace

std::string MigrationSessionName() {
  const std::string start = fmt::format("memstack-migrate pid {} ", getpid());
  const std::string end = fmt::format(" {:%H:%M:%S}Z", fmt::gmtime(std::time(nullptr)));
  return start + HostName().substr(0, kLongestName - start.size() - end.size()) + end;
}

SessionName::SessionName(Session& session, std::string name) : session_(session), name_(std::move(name)) {
  const bool in_transaction = session.transaction_status() != TransactionStatus::kIdle;
  const std::vector<Parameter> parameters = {name_, in_transaction ? "true" : "false"};
  const Result result = session.ExecuteOutsideTransaction(kSetName, parameters);
  is_set_ = result.row_count() > 0 && !in_transaction;
}

SessionName::~SessionName() {
  if (!is_set_ || session_.transaction_status() != TransactionStatus::kIdle) return;
  try {
    const std::vector<Parameter> name = {name_};
    session_.ExecuteOutsideTransaction(kResetName, name);
  } catch (const std::exception& error) {
    LogWarning(kEngineLogger, "the session keeps its application_name: {}", error.what());
  }
}

}  // namespace memstack::pg
