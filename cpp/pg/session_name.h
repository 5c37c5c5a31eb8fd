// What others see of a session that migrates: its application_name, in pg_stat_activity, in the server's log
// and in the message of whoever waits for it.
#pragma once

#include <string>

#include "pg/session.h"

namespace memstack::pg {

// "memstack-migrate pid 4711 web-3 18:14:03Z": which process, where, since when (UTC). At most 63 bytes,
// which is what the server keeps: a long host name is cut, not the time behind it.
std::string MigrationSessionName();

// Names the session as long as the guard lives, unless the user has named it. Within a transaction that
// somebody else owns the name goes with the transaction at the latest. What goes wrong in the destructor is
// logged. One thread at a time: the session's.
class SessionName {
 public:
  // REQUIRES: `session` outlives the guard; it is not in a failed transaction.
  explicit SessionName(Session& session, std::string name = MigrationSessionName());
  SessionName(const SessionName&) = delete;
  SessionName& operator=(const SessionName&) = delete;
  ~SessionName();

 private:
  Session& session_;
  const std::string name_;
  bool is_set_ = false;  // by us, for longer than a transaction
};

}  // namespace memstack::pg
