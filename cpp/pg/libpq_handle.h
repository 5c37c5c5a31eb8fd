// The only place where libpq's memory is freed.
#pragma once

#include <libpq-fe.h>

#include <memory>

namespace memstack::pg {

struct ResultDeleter {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ResultDeleter>;

struct LibpqMemoryDeleter {
  void operator()(void* memory) const noexcept { PQfreemem(memory); }
};
using LibpqString = std::unique_ptr<char, LibpqMemoryDeleter>;

struct OptionsDeleter {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using OptionsHandle = std::unique_ptr<PQconninfoOption, OptionsDeleter>;

struct CancelDeleter {
  void operator()(PGcancel* cancel) const noexcept { PQfreeCancel(cancel); }
};
using CancelHandle = std::unique_ptr<PGcancel, CancelDeleter>;

// Closes the connection only in the process that opened it: after fork() the child must not end the parent's
// session (the socket is shared), so there the PGconn is leaked on purpose.
class ConnectionDeleter {
 public:
  ConnectionDeleter();
  void operator()(PGconn* connection) const noexcept;
  bool is_owner() const noexcept;

 private:
  int owner_process_;
};
using ConnectionHandle = std::unique_ptr<PGconn, ConnectionDeleter>;

}  // namespace memstack::pg
