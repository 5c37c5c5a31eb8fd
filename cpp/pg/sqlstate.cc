#include "pg/sqlstate.h"

#include <array>

namespace memstack::pg {
namespace {

struct Entry {
  std::string_view code;  // five characters: exact; two: the whole class
  SqlstateMeaning meaning;
};

constexpr std::array kMeanings = {
    Entry{"40001", SqlstateMeaning::kRetryable},              // serialization_failure
    Entry{"40P01", SqlstateMeaning::kRetryable},              // deadlock_detected
    Entry{"55P03", SqlstateMeaning::kLockNotAvailable},       // lock_not_available
    Entry{"42501", SqlstateMeaning::kInsufficientPrivilege},  // insufficient_privilege
    Entry{"57P01", SqlstateMeaning::kConnectionLost},         // admin_shutdown
    Entry{"57P02", SqlstateMeaning::kConnectionLost},         // crash_shutdown
    Entry{"57P03", SqlstateMeaning::kServerNotReady},         // cannot_connect_now
    Entry{"57P04", SqlstateMeaning::kConnectionLost},         // database_dropped
    Entry{"57P05", SqlstateMeaning::kConnectionLost},         // idle_session_timeout
    Entry{"25P03", SqlstateMeaning::kConnectionLost},         // idle_in_transaction_session_timeout
    Entry{"53300", SqlstateMeaning::kServerNotReady},         // too_many_connections
    Entry{"08", SqlstateMeaning::kConnectionLost},            // connection exceptions
    Entry{"28", SqlstateMeaning::kAuthenticationFailed},      // invalid authorization specification
};

}  // namespace

SqlstateMeaning MeaningOfSqlstate(std::string_view sqlstate) {
  if (sqlstate.size() != 5) return SqlstateMeaning::kOther;
  for (const Entry& entry : kMeanings) {
    if (entry.code == sqlstate) return entry.meaning;
  }
  for (const Entry& entry : kMeanings) {
    if (entry.code == sqlstate.substr(0, 2)) return entry.meaning;
  }
  return SqlstateMeaning::kOther;
}

}  // namespace memstack::pg
