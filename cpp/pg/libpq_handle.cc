#include "pg/libpq_handle.h"

#include <unistd.h>

namespace memstack::pg {

ConnectionDeleter::ConnectionDeleter() : owner_process_(getpid()) {}

bool ConnectionDeleter::is_owner() const noexcept {
  return owner_process_ == getpid();
}

void ConnectionDeleter::operator()(PGconn* connection) const noexcept {
  if (is_owner()) PQfinish(connection);
}

}  // namespace memstack::pg
