// Identifiers as they appear in SQL text. The rules are SQLAlchemy's (IdentifierPreparer with PostgreSQL's
// reserved words), because a name that Alembic left unquoted must stay unquoted: the server folds it, and the
// table is another.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memstack::sql {

// What quoted_name(name, quote=...) says: None, True, False.
enum class Quoting { kWhenNeeded, kAlways, kNever };

// One name. Value; share freely.
struct Identifier {
  Identifier() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a name is an identifier wherever one is asked for
  Identifier(std::string name, Quoting how = Quoting::kWhenNeeded) : text(std::move(name)), quoting(how) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Identifier(const char* name) : text(name) {}

  std::string text;
  Quoting quoting = Quoting::kWhenNeeded;

  bool operator==(const Identifier&) const = default;
};

// schema.table: the parts in order, each quoted by its own rule. A dotted schema ("db.owner") is several
// parts.
struct QualifiedName {
  std::vector<Identifier> parts;

  bool operator==(const QualifiedName&) const = default;
};

// True if the name cannot stand bare: reserved, empty, not lower case, a character outside [a-z0-9_$], or a
// digit or $ at its start.
[[nodiscard]] bool NeedsQuotes(std::string_view name);

// "name", with inner quotes doubled, whether needed or not.
[[nodiscard]] std::string Quoted(std::string_view name);

// The name as SQL text.
[[nodiscard]] std::string Render(const Identifier& name);
[[nodiscard]] std::string Render(const QualifiedName& name);

// a, b, c: the columns of a constraint.
[[nodiscard]] std::string RenderList(const std::vector<Identifier>& names);

// The parts of a schema written with dots. A schema whose quoting was stated is one part, dots included.
[[nodiscard]] std::vector<Identifier> SplitDotted(const Identifier& schema);

}  // namespace memstack::sql
