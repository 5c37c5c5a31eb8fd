// What the session that migrates asks for beyond an ordinary connection, so that a run that dies lets go of
// its lock soon and a run whose network died notices.
#pragma once

#include "pg/connection_parameters.h"
#include "pg/session.h"

namespace memstack::pg {

// Adds TCP keepalives and tcp_user_timeout where the user has not set them.
ConnectionParameters WithMigrationDefaults(ConnectionParameters parameters);

// Sets client_connection_check_interval (PostgreSQL 14 and later): the server notices within a second that
// the client was killed, instead of at the end of the running statement. A server that cannot do it is left
// as it is. REQUIRES: no transaction is open (the setting would go with a rollback).
void PrepareMigrationSession(Session& session);

}  // namespace memstack::pg
