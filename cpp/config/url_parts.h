// A SQLAlchemy URL taken apart exactly as sqlalchemy.engine.make_url does it, before any key has a meaning.
//
// Its grammar is not RFC 3986: the user name ends at the first ':' or '/', the password at the first '@'
// after it, so a password may hold '/', ':' and '?', but no '@'. User, password and database are
// percent-decoded, the host is not, in the query '+' is a space as well, and a query key with an empty value
// does not count.
//
// Wider than make_url, in what it refuses: several `host:port` joined by commas (libpq's form), and a host
// that starts with %2F (libpq's form of a socket directory). Narrower, where it would guess or drop text: an
// '@' left in the host or the database, control characters, percent-encoding that is not UTF-8, text behind
// an IPv6 address.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memstack::config {

struct UrlParts {
  std::string drivername;  // "postgresql+asyncpg"
  std::string username;    // "" where absent, as everywhere below
  std::string password;
  std::string host;  // several: joined by ','
  std::string port;  // several: joined by ','
  std::string database;
  // In the order in which the keys first appear; a key with several values was repeated.
  std::vector<std::pair<std::string, std::vector<std::string>>> query;
};

// The text before "://", if it looks like the start of a URL.
std::optional<std::string_view> UrlScheme(std::string_view text);

// REQUIRES: UrlScheme(text). Throws kDatabaseUrl; the message never quotes what may be a part of the
// password.
UrlParts SplitUrl(std::string_view text);

struct HostPort {
  std::string host;
  std::string port;  // "" where absent
};

// "host", "host:5432", "[::1]:5432", ":5432". Throws kDatabaseUrl.
HostPort SplitHostPort(std::string_view text);

// Digits only, 1 to 65535, else throws kDatabaseUrl.
void RequirePort(std::string_view port);

// urllib.parse.unquote, and unquote_plus with `plus_is_space`; throws kDatabaseUrl for NUL and for what is
// not UTF-8.
std::string DecodePercent(std::string_view text, bool plus_is_space);

// urllib.parse.quote(text, safe): letters, digits, "_.-~" and `safe` stay.
std::string EncodePercent(std::string_view text, std::string_view safe);

}  // namespace memstack::config
