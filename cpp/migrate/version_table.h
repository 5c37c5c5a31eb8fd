// The table that says which revisions a database stands at: Alembic's own, same DDL, same rows.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pg/session.h"
#include "revision/version_delta.h"

namespace memstack::migrate {

// Which table, as env.py's context.configure() names it; the defaults are Alembic's.
struct VersionTableName {
  std::string table = "alembic_version";
  std::string schema = {};      // "": found and made by the session's search_path
  bool has_primary_key = true;  // version_table_pk

  // Quoted for SQL, with the schema where one is named.
  std::string Quoted() const;
  // For a message.
  std::string Display() const;
};

// The statements that make the table and change its rows, with literals: what a `--sql` run writes, in
// Alembic's words.
std::string CreateStatement(const VersionTableName& name);
std::string ChangeStatement(const VersionTableName& name, const revision::VersionChange& change);

// An error of a statement on the version table, with what to do about it where the server says nothing.
Error AboutVersionTable(const Error& error);

// Reads and writes the version table on a session, within whatever transaction that session is in.
// One thread at a time; the session must outlive it.
class VersionTable {
 public:
  // `create` is asked first when the table has to be made; false from it: it made none.
  VersionTable(pg::Session& session, VersionTableName name, std::function<bool()> create = nullptr);

  // The revisions in the table, sorted; empty where there is no table. Begins no transaction.
  std::vector<std::string> ReadHeads() const;
  // Tells version tables of one database apart, also where they have one name in the schemas of several
  // tenants. Begins no transaction.
  std::string Place() const;
  // The schema that the table is in; nothing where there is no table. Begins no transaction.
  std::optional<std::string> Schema() const;
  // Creates the table as Alembic does, unless it is there.
  void Ensure();
  // Empties it (stamp --purge).
  void Purge();
  // Writes one step's changes by delta. Throws kVersionTable unless each statement changed exactly one row:
  // then somebody else wrote the table meanwhile.
  void Apply(const std::vector<revision::VersionChange>& changes);

  const VersionTableName& name() const { return name_; }

 private:
  pg::Result Execute(const std::string& sql, std::span<const pg::Parameter> parameters = {}) const;
  pg::Result ExecuteOutsideTransaction(std::string_view sql, std::span<const pg::Parameter> parameters) const;
  void ChangeOneRow(const std::string& sql, std::vector<pg::Parameter> parameters, const std::string& what);

  pg::Session& session_;
  VersionTableName name_;
  std::function<bool()> create_;
};

}  // namespace memstack::migrate
