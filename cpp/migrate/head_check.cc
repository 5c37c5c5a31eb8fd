#include "migrate/head_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "config/database_url.h"
#include "config/environment_scan.h"
#include "config/loader.h"
#include "migrate/version_table.h"

namespace memstack::migrate {
namespace {

constexpr std::string_view kUndefinedTable = "42P01";
constexpr std::string_view kInvalidSchema = "3F000";

// Whether the variable holds the address of the user's database; nothing where it holds no address.
std::optional<bool> NamesTheDatabase(const std::string& value, const Project& project) {
  if (value == project.settings.url->text()) return true;
  if (!value.starts_with("postgres")) return std::nullopt;
  try {
    return config::SameDatabase(config::DatabaseUrl::Parse(value).parameters(), *project.database);
  } catch (const Error&) {
    // Not an address that anybody could connect to.
    return std::nullopt;
  }
}

// Why env.py, which does not take its address from the configuration, may connect to another database; "" if
// the environment vouches for it: some variable holds the address that the user gave us, and none holds
// another. A settings object reads variables of any name, so all are looked at, but ours, which it does not
// know.
std::string OtherAddress(const Project& project) {
  bool is_known = false;
  for (const auto& [name, value] : config::ProcessVariables()) {
    if (name.starts_with("MEMSTACK_MIGRATE_")) continue;
    const std::optional<bool> names_it = NamesTheDatabase(value, project);
    if (names_it.has_value() && !*names_it) {
      return fmt::format("the environment variable {} names another database than {}", name,
                         project.settings.url->origin());
    }
    is_known = is_known || names_it.has_value();
  }
  return is_known ? ""
                  : "env.py takes its address from elsewhere: not from sqlalchemy.url, nor from a variable "
                    "that holds it";
}

// "" where the quick answer is safe. A user who states the version table in our own settings vouches for
// env.py.
std::string Doubt(const Project& project) {
  const config::Settings& settings = project.settings;
  if (!settings.x_arguments.empty()) return "a -x argument may change what env.py does";
  if (settings.has_attributes) return "the given attributes may change what env.py does";
  if (!project.history.is_read()) return "a revision file imports what only env.py makes importable";
  if (settings.version_table) return "";
  if (settings.script_location.needs_python) return "only Python can find the scripts of a package";
  const std::string file = (settings.script_location.path / "env.py").string();
  std::error_code unreadable;  // an empty text is not safe either
  const config::ScanResult scan = config::ScanEnvironment(ReadFile(file, unreadable));
  if (!scan.safe) return fmt::format("{}:{}: {}", file, scan.line, scan.reason);
  return scan.takes_address_from_config ? std::string() : OtherAddress(project);
}

// Whether naming the version table would end the doubt: it does not where this one start is special.
bool MayVouch(const Project& project) {
  return project.settings.x_arguments.empty() && !project.settings.has_attributes &&
         project.history.is_read();
}

VersionTableName VersionTableOf(const config::Settings& settings) {
  VersionTableName name;
  if (settings.version_table) name.table = *settings.version_table;
  if (settings.version_table_schema) name.schema = *settings.version_table_schema;
  return name;
}

// One query: a table that is not there is an empty one.
std::vector<std::string> ReadHeads(pg::Session& session, const VersionTableName& table) {
  std::vector<std::string> heads;
  try {
    const pg::Result rows = session.Execute(fmt::format("SELECT version_num FROM {}", table.Quoted()), {});
    for (int row = 0; row < rows.row_count(); ++row) heads.emplace_back(rows.value(row, 0).value_or(""));
  } catch (const Error& error) {
    if (error.sqlstate() != kUndefinedTable && error.sqlstate() != kInvalidSchema)
      throw AboutVersionTable(error);
  }
  std::sort(heads.begin(), heads.end());
  return heads;
}

}  // namespace

HeadCheck CheckHead(const Project& project) {
  HeadCheck check;
  if (!project.database) {
    check.why_not = "only env.py knows where the database is";
    check.remedy =
        "set `url` in [tool.memstack_migrate] of pyproject.toml or [memstack_migrate] of alembic.ini, or the "
        "environment variable MEMSTACK_MIGRATE_URL, and the next start will not need it";
    return check;
  }
  check.connection = pg::Connection::Open(*project.database);
  check.database = pg::DatabaseText(*check.connection);
  check.why_not = Doubt(project);
  if (MayVouch(project)) {
    check.remedy =
        "if env.py works on that database, say so by naming its version table: `version_table = "
        "alembic_version` (and `version_table_schema`, if it has one) in [tool.memstack_migrate] of "
        "pyproject.toml or [memstack_migrate] of alembic.ini, and the next start will not need it";
  }
  if (check.why_not.empty()) {
    const VersionTableName table = VersionTableOf(project.settings);
    check.version_table = table.Display();
    check.current_heads = ReadHeads(*check.connection, table);
  }
  return check;
}

std::optional<DatabaseIdentity> HeadCheck::TakeIdentity() {
  if (!connection) return std::nullopt;
  const std::unique_ptr<pg::Connection> closing = std::move(connection);
  return IdentifyDatabase(*closing, database);
}

}  // namespace memstack::migrate
