#include <fmt/format.h>

#include <array>
#include <string>

#include "pg/connect.h"
#include "pg/server_error.h"

namespace memstack::pg {
namespace {

// libpq 15 gives no SQLSTATE for a failed connection attempt, so its text is all there is to go by. A text in
// another language falls through to the last row, and is shown as it is.
struct Cause {
  std::string_view phrase;
  std::string_view what;
  std::string_view hint;
};

constexpr std::array kCauses = {
    Cause{"could not translate host name", "the host name is not known",
          "check the host in the URL, and whether DNS works here"},
    Cause{"Connection refused", "connection refused",
          "is the server running there and listening on that port? check host and port in the URL"},
    // Before the next row: a certificate's file may be missing, too.
    Cause{"certificate", "the TLS certificate was not accepted",
          "check sslrootcert, sslcert and sslmode, and the name in the server's certificate"},
    Cause{"No such file or directory", "there is no such socket",
          "is the server running? check the socket directory and the port in the URL"},
    Cause{"password authentication failed", "the server refused the password",
          "check user and password in the URL, PGPASSWORD, and ~/.pgpass"},
    Cause{"no password supplied", "the server wants a password and none was given",
          "put it into the URL, PGPASSWORD or ~/.pgpass"},
    Cause{"no pg_hba.conf entry", "the server does not let this user in from here",
          "ask for a line in the server's pg_hba.conf, or try another sslmode"},
    Cause{"authentication failed", "the server refused the user",
          "check the user in the URL and how pg_hba.conf lets it in"},
    Cause{"role \"", "the server does not know the user or does not let it log in",
          "check the user in the URL, or create the role: CREATE ROLE ... LOGIN"},
    Cause{"database \"", "the database does not exist or is not open to this user",
          "check the database name in the URL, or create it: CREATE DATABASE ..."},
    Cause{"timeout expired", "the server did not answer in time",
          "check host, port and firewalls; connect_timeout=<seconds> in the URL sets the limit"},
    Cause{"is starting up", "the server is starting up", "try again in a moment"},
    Cause{"is shutting down", "the server is shutting down", "try again when it is up"},
    Cause{"in recovery mode", "the server is in recovery", "try again when it is up"},
    Cause{"too many clients", "the server has no free connection",
          "close some, or raise the server's max_connections"},
    Cause{"remaining connection slots", "the server has no free connection",
          "close some, or raise the server's max_connections"},
    Cause{"does not support SSL", "TLS was asked for and the server does not speak it",
          "turn on ssl at the server, or use sslmode=prefer where the network may be trusted"},
    Cause{"SSL", "TLS could not be set up", "check sslmode and the certificates"},
    Cause{"session is read-only", "no server of the list takes writes",
          "check target_session_attrs and the list of hosts"},
    Cause{"invalid connection option", "a connection parameter is not known to libpq",
          "remove it from the URL or the connect_args"},
    Cause{"invalid ", "a connection parameter has a value that libpq does not accept",
          "mend it in the URL or the connect_args"},
    Cause{"Network is unreachable", "the network is unreachable", "check the network, and host and port"},
    Cause{"No route to host", "there is no route to the host", "check the network, and host and port"},
    Cause{"closed the connection", "the server closed the connection at once",
          "is it a PostgreSQL server, or is a proxy in between? its log knows more"},
    Cause{"", "see what was said", "the server's log may know more"},
};

// The first row that fits decides, also where several hosts failed for several reasons: all is in the detail.
const Cause& FindCause(std::string_view message) {
  for (const Cause& cause : kCauses) {
    if (message.find(cause.phrase) != std::string_view::npos) return cause;
  }
  return kCauses.back();
}

std::string WithoutSecret(std::string text, std::string_view secret) {
  // Shorter ones would blot out ordinary words.
  constexpr size_t kShortestSecret = 4;
  if (secret.size() < kShortestSecret) return text;
  constexpr std::string_view kBlot = "***";
  for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kBlot.size())) {
    text.replace(at, secret.size(), kBlot);
  }
  return text;
}

}  // namespace

Error ConnectFailure(std::string_view place, std::string_view message, std::string_view secret) {
  // What libpq and the server say never holds the password; a URL that was mistyped may have put a part of it
  // into the host, so it is looked for all the same, except where it is also the name that `place` shows.
  const bool is_a_name = place.find(fmt::format("\"{}\"", secret)) != std::string_view::npos;
  const std::string said = WithoutSecret(OneLine(message), is_a_name ? std::string_view() : secret);
  const Cause& cause = FindCause(said);
  ServerDiagnostics diagnostics;
  diagnostics.detail = said;
  const std::string where = WithoutSecret(std::string(place), is_a_name ? std::string_view() : secret);
  Error error(ErrorCode::kConnection,
              fmt::format("cannot connect to PostgreSQL at {}: {}", where, cause.what));
  error.Hint(std::string(cause.hint)).Statement("", std::move(diagnostics));
  return error;
}

}  // namespace memstack::pg
