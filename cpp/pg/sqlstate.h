// What the engine does about a SQLSTATE.
#pragma once

#include <string_view>

namespace memstack::pg {

// Only what somebody acts on; everything else is shown to the user as it is.
enum class SqlstateMeaning {
  kOther,                  // the statement is wrong, or the data: show it
  kRetryable,              // the same transaction may succeed when run again: deadlock, serialization
  kLockNotAvailable,       // lock_timeout or NOWAIT: say who holds it, try again
  kConnectionLost,         // the session is over: nothing more can be sent on it
  kServerNotReady,         // starting up, shutting down, too many connections: try again later
  kInsufficientPrivilege,  // say which right is missing
  kAuthenticationFailed,   // user or password
};

// An exact code wins over its class (its first two characters). An unknown or malformed code is kOther.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
SqlstateMeaning MeaningOfSqlstate(std::string_view sqlstate);

}  // namespace memstack::pg
