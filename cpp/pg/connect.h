// Opening a libpq connection, and saying in plain words why that did not work.
#pragma once

#include <string_view>

#include "base/error.h"
#include "pg/connection_parameters.h"
#include "pg/libpq_handle.h"

namespace memstack::pg {

// Connects, with client_encoding UTF8, and lets InterruptCheck end the wait. Hosts in a list,
// connect_timeout, service files and PG* environment variables mean what they mean to libpq. Throws
// kConnection.
ConnectionHandle Connect(const ConnectionParameters& parameters);

// "localhost:5432 (database "app", user "bob")", or "the socket in /tmp, port 5432 (...)"; no password.
std::string PlaceOf(const PGconn* connection);

// kConnection for a connection that failed with libpq's `message`: what happened and what to do.
// `secret` (the password; may be empty) is blotted out wherever the message holds it.
Error ConnectFailure(std::string_view place, std::string_view message, std::string_view secret);

}  // namespace memstack::pg
