#include "config/connection_keywords.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/ascii.h"
#include "base/error.h"
#include "base/word_list.h"
#include "config/near_keys.h"

namespace memstack::config {
namespace {

constexpr auto kLibpqKeywords = std::to_array<std::string_view>({"host",
                                                                 "hostaddr",
                                                                 "port",
                                                                 "dbname",
                                                                 "user",
                                                                 "password",
                                                                 "passfile",
                                                                 "require_auth",
                                                                 "channel_binding",
                                                                 "connect_timeout",
                                                                 "client_encoding",
                                                                 "options",
                                                                 "application_name",
                                                                 "fallback_application_name",
                                                                 "keepalives",
                                                                 "keepalives_idle",
                                                                 "keepalives_interval",
                                                                 "keepalives_count",
                                                                 "tcp_user_timeout",
                                                                 "replication",
                                                                 "gssencmode",
                                                                 "sslmode",
                                                                 "requiressl",
                                                                 "sslnegotiation",
                                                                 "sslcompression",
                                                                 "sslcert",
                                                                 "sslkey",
                                                                 "sslkeylogfile",
                                                                 "sslpassword",
                                                                 "sslcertmode",
                                                                 "sslrootcert",
                                                                 "sslcrl",
                                                                 "sslcrldir",
                                                                 "sslsni",
                                                                 "requirepeer",
                                                                 "ssl_min_protocol_version",
                                                                 "ssl_max_protocol_version",
                                                                 "min_protocol_version",
                                                                 "max_protocol_version",
                                                                 "krbsrvname",
                                                                 "gsslib",
                                                                 "gssdelegation",
                                                                 "scram_client_key",
                                                                 "scram_server_key",
                                                                 "service",
                                                                 "servicefile",
                                                                 "target_session_attrs",
                                                                 "load_balance_hosts",
                                                                 "oauth_issuer",
                                                                 "oauth_client_id",
                                                                 "oauth_client_secret",
                                                                 "oauth_scope"});

constexpr auto kSecretKeywords = std::to_array<std::string_view>(
    {"password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"});

constexpr auto kPublicKeywords = std::to_array<std::string_view>(
    {"host", "hostaddr", "port", "dbname", "user", "connect_timeout", "application_name", "sslmode",
     "sslcert", "sslrootcert", "channel_binding", "gssencmode", "service", "target_session_attrs",
     "load_balance_hosts"});

constexpr auto kSslModes =
    std::to_array<std::string_view>({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"});

// What asyncpg, psycopg 3 and SQLAlchemy read from a URL for their own caches: nothing that the database
// sees.
constexpr auto kDriverCaches = std::to_array<std::string_view>(
    {"prepared_statement_cache_size", "statement_cache_size", "max_cached_statement_lifetime",
     "max_cacheable_statement_size", "prepare_threshold", "async_fallback"});

// Keys of other drivers that have a libpq counterpart.
constexpr auto kTranslated = std::to_array<std::string_view>(
    {"ssl", "database", "timeout", "unix_sock", "direct_tls", "tcp_keepalive"});

using Pairs = std::vector<std::pair<std::string, std::string>>;

[[noreturn]] void RefuseValue(std::string_view key, std::string wanted) {
  throw Error(ErrorCode::kDatabaseUrl,
              fmt::format("the value of '{}' in the database URL is not understood", key))
      .Hint(std::move(wanted));
}

bool Flag(std::string_view key, std::string_view value) {
  if (value == "true" || value == "True" || value == "1" || value == "on") return true;
  if (value == "false" || value == "False" || value == "0" || value == "off") return false;
  RefuseValue(key, fmt::format("write {}=true or {}=false", key, key));
}

// asyncpg spells verify_full with '-' or '_'. "true" means require, as libpq has it in URIs.
std::string SslMode(std::string_view value) {
  std::string mode(value);
  std::replace(mode.begin(), mode.end(), '_', '-');
  if (Contains(kSslModes, mode)) return mode;
  return Flag("ssl", value) ? "require" : "disable";
}

std::string WholeSeconds(std::string_view key, std::string_view value) {
  const std::string text(value);
  char* end = nullptr;
  const double seconds = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size() || !(seconds > 0) || seconds > 1e6) {
    RefuseValue(key, fmt::format("write {} in seconds", key));
  }
  return fmt::to_string(static_cast<int>(std::ceil(seconds)));
}

// pg8000 names the socket itself, libpq its directory and the number at its end.
Pairs SocketPlace(std::string_view value) {
  constexpr std::string_view kName = "/.s.PGSQL.";
  const size_t at = value.rfind(kName);
  if (at == std::string_view::npos || at == 0)
    RefuseValue("unix_sock", "write it as /directory/.s.PGSQL.5432");
  return {{"host", std::string(value.substr(0, at))}, {"port", std::string(value.substr(at + kName.size()))}};
}

[[noreturn]] void RefuseUnknown(std::string_view key) {
  Error error(ErrorCode::kDatabaseUrl, fmt::format("unknown key '{}' in the database URL", key));
  if (key == "plugin" || key == "plugins") {
    throw error.Hint("an engine plugin is Python code: give env.py that URL, and this one without it");
  }
  if (key == "search_path" || key == "schema" || key == "currentSchema" || key == "server_settings") {
    throw error.Hint("server settings go into options: options=-csearch_path%3Dmyschema");
  }
  std::vector<std::string_view> known(kLibpqKeywords.begin(), kLibpqKeywords.end());
  known.insert(known.end(), kTranslated.begin(), kTranslated.end());
  throw error.Hint(
      DidYouMean(NearKeys(key, known),
                 "keys are those of libpq: https://www.postgresql.org/docs/current/libpq-connect.html"));
}

}  // namespace

std::span<const std::string_view> LibpqKeywords() {
  return kLibpqKeywords;
}
bool IsLibpqKeyword(std::string_view key) {
  return Contains(kLibpqKeywords, key);
}
bool IsKnownKey(std::string_view key) {
  return IsLibpqKeyword(key) || Contains(kDriverCaches, key) || Contains(kTranslated, key);
}
bool IsNameable(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), &IsAsciiWord);
}
bool IsSecretKeyword(std::string_view key) {
  return Contains(kSecretKeywords, key);
}
bool IsPublicKeyword(std::string_view key) {
  return Contains(kPublicKeywords, key);
}

Pairs TranslateKey(std::string_view key, std::string_view value) {
  // The engine talks UTF-8 to the server whatever the URL says: text arrives in Python as str either way.
  if (key == "client_encoding" || Contains(kDriverCaches, key)) return {};
  if (IsLibpqKeyword(key)) return {{std::string(key), std::string(value)}};
  if (key == "ssl") return {{"sslmode", SslMode(value)}};
  if (key == "database") return {{"dbname", std::string(value)}};
  if (key == "timeout") return {{"connect_timeout", WholeSeconds(key, value)}};
  if (key == "unix_sock") return SocketPlace(value);
  if (key == "direct_tls") return {{"sslnegotiation", Flag(key, value) ? "direct" : "postgres"}};
  if (key == "tcp_keepalive") return {{"keepalives", Flag(key, value) ? "1" : "0"}};
  RefuseUnknown(key);
}

}  // namespace memstack::config
