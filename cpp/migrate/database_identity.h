// Which database a session is connected to, whatever address it was reached by.
#pragma once

#include <string>

#include "pg/session.h"

namespace memstack::migrate {

// Equal for two sessions on one database; the same server may be reached by localhost, a socket or a pooler.
struct DatabaseIdentity {
  std::string database_oid;
  std::string server_start;  // pg_postmaster_start_time(): tells servers apart without any privilege
  std::string display;       // "name on host:port", for messages

  bool SameDatabase(const DatabaseIdentity& other) const {
    return database_oid == other.database_oid && server_start == other.server_start;
  }
};

// Asks the server; begins no transaction. `display` is taken over.
DatabaseIdentity IdentifyDatabase(pg::Session& session, std::string display);

}  // namespace memstack::migrate
