#include "migrate/database_identity.h"

#include <utility>

namespace memstack::migrate {
namespace {

constexpr std::string_view kIdentity =
    "SELECT d.oid, (pg_catalog.pg_postmaster_start_time() AT TIME ZONE 'UTC')::text"
    " FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

}  // namespace

DatabaseIdentity IdentifyDatabase(pg::Session& session, std::string display) {
  const pg::Result row = session.ExecuteOutsideTransaction(kIdentity, {});
  return {std::string(row.value(0, 0).value_or("")), std::string(row.value(0, 1).value_or("")),
          std::move(display)};
}

}  // namespace memstack::migrate
