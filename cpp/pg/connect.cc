#include "pg/connect.h"

#include <fmt/format.h>

#include <future>
#include <thread>
#include <utility>

#include "pg/interrupt.h"

namespace memstack::pg {
namespace {

std::vector<const char*> CStrings(const ConnectionParameters& parameters, bool names) {
  std::vector<const char*> out;
  for (const auto& [name, value] : parameters) out.push_back(names ? name.c_str() : value.c_str());
  out.push_back(nullptr);
  return out;
}

// PQconnectdbParams blocks, in the look-up of the host's name too, and only it does connect_timeout,
// lists of hosts and target_session_attrs together (the PQconnectPoll loop leaves time-outs to its caller,
// who cannot tell libpq to go on with the next host). So it runs on a thread of its own and this one stays
// interruptible. After an interrupt the thread is left to fail or to succeed, and then closes what it opened.
std::future<ConnectionHandle> StartConnecting(ConnectionParameters parameters) {
  std::promise<ConnectionHandle> promise;
  std::future<ConnectionHandle> future = promise.get_future();
  std::thread([promise = std::move(promise), parameters = std::move(parameters)]() mutable {
    const std::vector<const char*> names = CStrings(parameters, true);
    const std::vector<const char*> values = CStrings(parameters, false);
    // 0: a dbname that looks like a connection string is a name all the same.
    promise.set_value(ConnectionHandle(PQconnectdbParams(names.data(), values.data(), 0)));
  }).detach();
  return future;
}

// From the given parameters alone, for a PGconn that libpq could not even begin.
std::string PlaceOf(const ConnectionParameters& parameters) {
  const std::string host = ParameterValue(parameters, "host");
  return fmt::format("{}", host.empty() ? "the default host" : host);
}

}  // namespace

std::string PlaceOf(const PGconn* connection) {
  const auto text = [](const char* value) { return std::string_view(value == nullptr ? "" : value); };
  const std::string_view host = text(PQhost(connection));
  const std::string_view port = text(PQport(connection));
  const std::string_view database = text(PQdb(connection));
  const std::string_view user = text(PQuser(connection));
  const std::string where = host.starts_with('/') || host.starts_with('@')
                                ? fmt::format("the socket in {}, port {}", host, port)
                                : fmt::format("{}:{}", host, port);
  return fmt::format("{} (database \"{}\", user \"{}\")", where, database, user);
}

ConnectionHandle Connect(const ConnectionParameters& parameters) {
  ConnectionParameters wanted;
  for (const auto& parameter : parameters) {
    if (parameter.first != "client_encoding") wanted.push_back(parameter);
  }
  wanted.emplace_back("client_encoding", "UTF8");

  std::future<ConnectionHandle> connecting = StartConnecting(wanted);
  while (connecting.wait_for(kInterruptInterval) != std::future_status::ready) CheckForInterrupt();
  ConnectionHandle handle = connecting.get();

  const std::string secret = ParameterValue(parameters, "password");
  if (handle == nullptr) throw Error(ErrorCode::kConnection, "cannot connect: out of memory");
  if (PQstatus(handle.get()) != CONNECTION_OK) {
    // Without a user libpq gave up on the parameters themselves, before it knew a place.
    const char* user = PQuser(handle.get());
    const std::string place = user == nullptr ? PlaceOf(parameters) : PlaceOf(handle.get());
    throw ConnectFailure(place, PQerrorMessage(handle.get()), secret);
  }
  return handle;
}

}  // namespace memstack::pg
