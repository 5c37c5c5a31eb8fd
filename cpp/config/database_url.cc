#include "config/database_url.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/error.h"
#include "config/connection_keywords.h"
#include "config/conninfo.h"
#include "config/url_parts.h"

namespace memstack::config {
namespace {

using NamePair = std::pair<std::string_view, std::string_view>;

// SQLAlchemy's names of what people may come with, and what those are.
constexpr auto kOtherDatabases = std::to_array<NamePair>({{"mysql", "MySQL"},
                                                          {"mariadb", "MariaDB"},
                                                          {"sqlite", "SQLite"},
                                                          {"oracle", "Oracle"},
                                                          {"mssql", "Microsoft SQL Server"},
                                                          {"cockroachdb", "CockroachDB"},
                                                          {"redshift", "Amazon Redshift"},
                                                          {"snowflake", "Snowflake"},
                                                          {"duckdb", "DuckDB"},
                                                          {"clickhouse", "ClickHouse"},
                                                          {"bigquery", "BigQuery"},
                                                          {"databricks", "Databricks"},
                                                          {"trino", "Trino"},
                                                          {"presto", "Presto"},
                                                          {"hive", "Hive"},
                                                          {"db2", "IBM Db2"},
                                                          {"ibm_db_sa", "IBM Db2"},
                                                          {"firebird", "Firebird"},
                                                          {"hana", "SAP HANA"},
                                                          {"spanner", "Google Spanner"},
                                                          {"crate", "CrateDB"},
                                                          {"vertica", "Vertica"},
                                                          {"access", "Microsoft Access"},
                                                          {"mongodb", "MongoDB"}});

[[noreturn]] void RefuseScheme(std::string_view backend) {
  const std::string name = AsciiLower(backend);
  if (name == "postgresql" || name == "postgres") {
    throw Error(ErrorCode::kDatabaseUrl, fmt::format("the database URL starts with '{}://'", backend))
        .Hint("write it in lower case: postgresql://");
  }
  for (const auto& [other, title] : kOtherDatabases) {
    if (name != other) continue;
    throw Error(ErrorCode::kDatabaseUrl,
                fmt::format("the database URL is of {} ('{}://'), not of PostgreSQL", title, backend))
        .Hint("this engine migrates PostgreSQL only; for other databases run alembic itself");
  }
  throw Error(ErrorCode::kDatabaseUrl, fmt::format("'{}://' is not a PostgreSQL URL", backend))
      .Hint("write postgresql://user:password@host/database");
}

[[noreturn]] void RefuseHosts(std::string_view why) {
  throw Error(ErrorCode::kDatabaseUrl, fmt::format("cannot read the hosts of the database URL: {}", why))
      .Hint("write host=a,b&port=5432,5433 or host=a:5432&host=b:5433");
}

void Assign(ConnectionParameters& parameters, const std::string& keyword, std::string value) {
  const auto same = [&](const auto& pair) { return pair.first == keyword; };
  const auto found = std::find_if(parameters.begin(), parameters.end(), same);
  if (found != parameters.end() && value.empty()) {
    parameters.erase(found);
  } else if (found != parameters.end()) {
    found->second = std::move(value);
  } else if (!value.empty()) {
    parameters.emplace_back(keyword, std::move(value));
  }
}

std::vector<std::string> SplitCommas(std::string_view text) {
  std::vector<std::string> pieces;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    pieces.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return pieces;
}

// A single "name:5432" counts as host and port; "/dir:1" and "::1" are hosts as they stand.
bool IsHostWithPort(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto is_name = [](char c) { return c == '-' || c == '.' || IsAsciiAlphanumeric(c); };
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), is_name) &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(colon) + 1, text.end(), &IsAsciiDigit);
}

// `host` and `port` of the query, in SQLAlchemy's two forms (PGDialect._split_multihost_from_url).
void AssignHosts(const std::vector<std::string>* host_values, const std::vector<std::string>* port_values,
                 ConnectionParameters& parameters) {
  std::vector<std::string> hosts;
  std::vector<std::string> ports;
  bool has_integrated_ports = false;
  if (host_values != nullptr) {
    has_integrated_ports = host_values->size() > 1;
    hosts = has_integrated_ports ? *host_values : SplitCommas(host_values->front());
    if (hosts.size() == 1 && port_values == nullptr) has_integrated_ports = IsHostWithPort(hosts[0]);
  }
  if (has_integrated_ports) {
    if (port_values != nullptr) RefuseHosts("host:port and a separate port are mixed");
    for (std::string& host : hosts) {
      const bool has_port = host.find(':') != std::string::npos && !host.ends_with(':');
      HostPort place = has_port ? SplitHostPort(host) : HostPort{host.substr(0, host.find(':')), ""};
      host = std::move(place.host);
      ports.push_back(std::move(place.port));
    }
  } else if (port_values != nullptr) {
    ports = port_values->size() > 1 ? *port_values : SplitCommas(port_values->front());
    for (const std::string& port : ports) {
      if (!port.empty()) RequirePort(port);
    }
  }
  // Hosts without ports replace the port before the query as well.
  if (ports.empty()) ports.resize(hosts.size());
  const bool is_uneven =
      !hosts.empty() && hosts.size() != ports.size() && (hosts.size() > 1 || ports.size() > 1);
  if (!ports.empty() && (is_uneven || (hosts.empty() && ports.size() > 1))) {
    RefuseHosts("the numbers of hosts and ports differ");
  }
  if (!hosts.empty()) Assign(parameters, "host", fmt::to_string(fmt::join(hosts, ",")));
  const bool has_port =
      std::any_of(ports.begin(), ports.end(), [](const auto& port) { return !port.empty(); });
  if (has_port || ports.size() > 1) Assign(parameters, "port", fmt::to_string(fmt::join(ports, ",")));
}

ConnectionParameters ParametersOf(const UrlParts& parts) {
  ConnectionParameters parameters;
  Assign(parameters, "host", parts.host);
  Assign(parameters, "port", parts.port);
  Assign(parameters, "dbname", parts.database);
  Assign(parameters, "user", parts.username);
  Assign(parameters, "password", parts.password);
  const std::vector<std::string>* hosts = nullptr;
  const std::vector<std::string>* ports = nullptr;
  // With an unescaped '&' or '?' in a password, its rest looks like a key: then the error must not name it.
  const auto has_at = [](const std::string& text) { return text.find('@') != std::string::npos; };
  bool after_secret =
      !parts.password.empty() && std::any_of(parts.query.begin(), parts.query.end(), [&](const auto& e) {
        return has_at(e.first) || std::any_of(e.second.begin(), e.second.end(), has_at);
      });
  for (const auto& [key, values] : parts.query) {
    if (key == "host") hosts = &values;
    if (key == "port") ports = &values;
    if (key == "host" || key == "port") continue;
    if (!IsKnownKey(key) && (after_secret || !IsNameable(key))) {
      throw Error(ErrorCode::kDatabaseUrl, "unknown key in the query of the database URL")
          .Hint("if a password holds '&', '?' or '@', write them as %26, %3F and %40");
    }
    if (values.size() > 1) {
      throw Error(ErrorCode::kDatabaseUrl,
                  fmt::format("key '{}' comes {} times in the database URL", key, values.size()))
          .Hint("give it once");
    }
    after_secret = after_secret || IsSecretKeyword(key);
    for (auto& [keyword, value] : TranslateKey(key, values.front())) Assign(parameters, keyword, value);
  }
  AssignHosts(hosts, ports, parameters);
  return parameters;
}

std::string EmbeddedPath(std::string_view text) {
  const std::string_view rest = text.substr(text.find("://") + 3);
  if (!rest.starts_with('/') || rest.find_first_of("?#") != std::string_view::npos) {
    throw Error(ErrorCode::kDatabaseUrl, "an embedded:// URL has to be an absolute path and nothing else")
        .Hint("write embedded:///absolute/path, with three slashes");
  }
  return DecodePercent(rest, false);
}

}  // namespace

DatabaseUrl DatabaseUrl::Parse(std::string_view text) {
  DatabaseUrl url;
  const std::optional<std::string_view> scheme = UrlScheme(text);
  if (!scheme) {
    if (text.find('=') == std::string_view::npos || text.find("://") < text.find('=')) {
      throw Error(ErrorCode::kDatabaseUrl,
                  text.empty() ? "the database URL is empty" : "cannot read the database URL")
          .Hint("write postgresql://user:password@host/database, without spaces around it");
    }
    url.parameters_ = ParametersOf(UrlParts{});
    for (auto& [keyword, value] : ParseConninfo(text)) Assign(url.parameters_, keyword, std::move(value));
    return url;
  }
  const std::string_view backend = scheme->substr(0, scheme->find('+'));
  if (*scheme == "embedded") {
    url.kind_ = DatabaseKind::kEmbedded;
    url.embedded_path_ = EmbeddedPath(text);
    return url;
  }
  if (backend != "postgresql" && backend != "postgres") RefuseScheme(backend);
  url.scheme_ = *scheme;
  if (backend.size() < scheme->size()) url.driver_ = scheme->substr(backend.size() + 1);
  url.parameters_ = ParametersOf(SplitUrl(text));
  return url;
}

std::optional<std::string> DatabaseUrl::Find(std::string_view keyword) const {
  for (const auto& [name, value] : parameters_) {
    if (name == keyword) return value;
  }
  return std::nullopt;
}

std::string DatabaseUrl::Redacted() const {
  if (kind_ == DatabaseKind::kEmbedded) return fmt::format("embedded://{}", embedded_path_);
  const std::string host = Find("host").value_or("");
  const std::string port = Find("port").value_or("");
  const bool is_plain_host =
      host.find_first_of("/,@") == std::string::npos && port.find(',') == std::string::npos;
  std::string user = EncodePercent(Find("user").value_or(""), "");
  if (Find("password")) user += ":***";
  std::string out = fmt::format("{}://{}{}", scheme_, user, user.empty() ? "" : "@");
  if (is_plain_host) {
    out += host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
    if (!port.empty()) out += fmt::format(":{}", port);
  }
  out += fmt::format("/{}", EncodePercent(Find("dbname").value_or(""), ""));
  char separator = '?';
  for (const auto& [keyword, value] : parameters_) {
    const bool is_shown_before = keyword == "dbname" || keyword == "user" || keyword == "password" ||
                                 (is_plain_host && (keyword == "host" || keyword == "port"));
    if (is_shown_before) continue;
    out += fmt::format("{}{}={}", separator, keyword,
                       IsPublicKeyword(keyword) ? EncodePercent(value, "/,:") : "***");
    separator = '&';
  }
  return out;
}

bool SameDatabase(const ConnectionParameters& one, const ConnectionParameters& other) {
  const auto find = [](const ConnectionParameters& parameters, std::string_view keyword) {
    for (const auto& [name, value] : parameters) {
      if (name == keyword) return value;
    }
    return std::string();
  };
  // What leads to a server, a database, and by the role and the options to a search_path.
  for (const std::string_view keyword :
       {"host", "hostaddr", "port", "dbname", "user", "options", "service"}) {
    if (find(one, keyword) != find(other, keyword)) return false;
  }
  return true;
}

}  // namespace memstack::config
