#include "migrate/version_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "sql/literal.h"
#include "sql/quote.h"

namespace memstack::migrate {
namespace {

// $1: the table, $2: its schema or NULL for what the search_path finds, as SQLAlchemy's has_table() looks.
constexpr std::string_view kTableSchema =
    "SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')"
    " AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END";

// The schemas in which a name without one is looked up; tenants often differ in nothing else.
constexpr std::string_view kSearchPath = "SELECT pg_catalog.current_schemas(false)::text";

constexpr size_t kVersionLength = 32;  // VARCHAR(32), Alembic's

// string_data_right_truncation
constexpr std::string_view kStringTooLong = "22001";

// insufficient_privilege, read_only_sql_transaction
bool MayLackPrivileges(std::string_view sqlstate) {
  return sqlstate == "42501" || sqlstate == "25006";
}

}  // namespace

std::string VersionTableName::Quoted() const {
  return schema.empty() ? sql::Render(sql::Identifier(table))
                        : sql::Render(sql::QualifiedName{{sql::Identifier(schema), sql::Identifier(table)}});
}

std::string VersionTableName::Display() const {
  return schema.empty() ? table : schema + "." + table;
}

std::string CreateStatement(const VersionTableName& name) {
  const std::string key = name.has_primary_key
                              ? fmt::format(", \n\tCONSTRAINT {} PRIMARY KEY (version_num)",
                                            sql::Render(sql::Identifier(name.table + "_pkc")))
                              : std::string();
  return fmt::format("\nCREATE TABLE {} (\n\tversion_num VARCHAR({}) NOT NULL{}\n)\n\n", name.Quoted(),
                     kVersionLength, key);
}

std::string ChangeStatement(const VersionTableName& name, const revision::VersionChange& change) {
  using Kind = revision::VersionChange::Kind;
  const std::string table = name.Quoted();
  const auto literal = [](const std::string& version) { return sql::StringLiteral(version); };
  switch (change.kind) {
    case Kind::kDelete:
      return fmt::format("DELETE FROM {0} WHERE {0}.version_num = {1}", table, literal(change.from));
    case Kind::kInsert:
      // SQLAlchemy asks for the key of the row that it inserts.
      return fmt::format("INSERT INTO {0} (version_num) VALUES ({1}){2}", table, literal(change.to),
                         name.has_primary_key ? fmt::format(" RETURNING {}.version_num", table) : "");
    case Kind::kUpdate:
      return fmt::format("UPDATE {0} SET version_num={1} WHERE {0}.version_num = {2}", table,
                         literal(change.to), literal(change.from));
  }
  return "";
}

VersionTable::VersionTable(pg::Session& session, VersionTableName name, std::function<bool()> create)
    : session_(session), name_(std::move(name)), create_(std::move(create)) {}

Error AboutVersionTable(const Error& error) {
  Error told = error;
  if (told.sqlstate() == kStringTooLong) {
    told.Hint(
        "the version table cannot hold that revision id: shorten it, here and in the down_revision of the "
        "files that follow, or widen the column version_num, to VARCHAR(128) say, before a run needs it");
  }
  if (told.code() == ErrorCode::kSql && told.hint().empty() && MayLackPrivileges(told.sqlstate())) {
    told.Hint(
        "the statement is our own: the role that migrates must be allowed to create, read and write the "
        "version table");
  }
  return told;
}

pg::Result VersionTable::Execute(const std::string& sql, std::span<const pg::Parameter> parameters) const {
  try {
    return parameters.empty() ? session_.Execute(sql) : session_.Execute(sql, parameters);
  } catch (const Error& error) {
    throw AboutVersionTable(error);
  }
}

pg::Result VersionTable::ExecuteOutsideTransaction(std::string_view sql,
                                                   std::span<const pg::Parameter> parameters) const {
  try {
    return session_.ExecuteOutsideTransaction(sql, parameters);
  } catch (const Error& error) {
    throw AboutVersionTable(error);
  }
}

std::optional<std::string> VersionTable::Schema() const {
  const pg::Parameter parameters[] = {name_.table,
                                      name_.schema.empty() ? pg::Parameter() : pg::Parameter(name_.schema)};
  const pg::Result rows = ExecuteOutsideTransaction(kTableSchema, parameters);
  return rows.row_count() > 0 ? std::optional<std::string>(rows.value(0, 0)) : std::nullopt;
}

std::string VersionTable::Place() const {
  if (!name_.schema.empty()) return name_.Display();
  const pg::Result rows = ExecuteOutsideTransaction(kSearchPath, {});
  return fmt::format("{} in {}", name_.table, rows.value(0, 0).value_or(""));
}

std::vector<std::string> VersionTable::ReadHeads() const {
  if (!Schema()) return {};
  const pg::Result rows =
      ExecuteOutsideTransaction(fmt::format("SELECT version_num FROM {}", name_.Quoted()), {});
  std::vector<std::string> heads;
  heads.reserve(static_cast<size_t>(rows.row_count()));
  for (int row = 0; row < rows.row_count(); ++row) heads.emplace_back(rows.value(row, 0).value_or(""));
  std::sort(heads.begin(), heads.end());
  return heads;
}

void VersionTable::Ensure() {
  if (Schema() || (create_ && create_())) return;
  Execute(CreateStatement(name_));
}

void VersionTable::Purge() {
  Ensure();
  Execute(fmt::format("DELETE FROM {}", name_.Quoted()));
}

void VersionTable::ChangeOneRow(const std::string& sql, std::vector<pg::Parameter> parameters,
                                const std::string& what) {
  const int64_t changed = Execute(sql, parameters).affected_rows().value_or(0);
  if (changed == 1) return;
  throw Error(ErrorCode::kVersionTable,
              fmt::format("{} in the version table {} changed {} rows instead of one", what, name_.Display(),
                          changed))
      .Hint(
          "somebody else wrote the version table while this run was on: look at it with `current`, then run "
          "again");
}

void VersionTable::Apply(const std::vector<revision::VersionChange>& changes) {
  using Kind = revision::VersionChange::Kind;
  for (const revision::VersionChange& change : changes) {
    switch (change.kind) {
      case Kind::kDelete:
        ChangeOneRow(fmt::format("DELETE FROM {0} WHERE {0}.version_num = $1", name_.Quoted()), {change.from},
                     fmt::format("deleting '{}'", change.from));
        break;
      case Kind::kInsert:
        ChangeOneRow(fmt::format("INSERT INTO {} (version_num) VALUES ($1)", name_.Quoted()), {change.to},
                     fmt::format("inserting '{}'", change.to));
        break;
      case Kind::kUpdate:
        ChangeOneRow(
            fmt::format("UPDATE {0} SET version_num = $1 WHERE {0}.version_num = $2", name_.Quoted()),
            {change.to, change.from}, fmt::format("updating '{}' to '{}'", change.from, change.to));
        break;
    }
  }
}

}  // namespace memstack::migrate
