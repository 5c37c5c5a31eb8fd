#include "sql/quote.h"

#include <algorithm>
#include <array>

namespace memstack::sql {
namespace {

// sqlalchemy.dialects.postgresql.base.RESERVED_WORDS, sorted. Not PostgreSQL's own list: a word more or less
// here would quote a name that Alembic leaves bare.
constexpr auto kReserved = std::to_array<std::string_view>({
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "new",
    "not",
    "notnull",
    "null",
    "of",
    "off",
    "offset",
    "old",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
});
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

bool IsBare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

// SQLAlchemy matches ^[A-Z0-9_$]+$ without regard to case and in Unicode, so that U+017F (long s, folds to S)
// and U+0131 (dotless i, folds to I) pass as letters, and $ lets one newline at the end pass.
bool HasOnlyLegalCharacters(std::string_view name) {
  if (name.size() > 1 && name.back() == '\n') name.remove_suffix(1);
  for (size_t i = 0; i < name.size(); ++i) {
    if (IsBare(name[i])) continue;
    const std::string_view pair = name.substr(i, 2);
    if (pair != "\xC5\xBF" && pair != "\xC4\xB1") return false;
    ++i;
  }
  return true;
}

}  // namespace

bool NeedsQuotes(std::string_view name) {
  if (name.empty() || name.front() == '$' || (name.front() >= '0' && name.front() <= '9')) return true;
  return !HasOnlyLegalCharacters(name) || std::binary_search(kReserved.begin(), kReserved.end(), name);
}

std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string Render(const Identifier& name) {
  const bool quotes =
      name.quoting == Quoting::kAlways || (name.quoting == Quoting::kWhenNeeded && NeedsQuotes(name.text));
  return quotes ? Quoted(name.text) : name.text;
}

std::string Render(const QualifiedName& name) {
  std::string text;
  for (const Identifier& part : name.parts) {
    if (!text.empty()) text += '.';
    text += Render(part);
  }
  return text;
}

std::string RenderList(const std::vector<Identifier>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += ", ";
    text += Render(names[i]);
  }
  return text;
}

std::vector<Identifier> SplitDotted(const Identifier& schema) {
  if (schema.quoting != Quoting::kWhenNeeded) return {schema};
  std::vector<Identifier> parts;
  size_t start = 0;
  for (size_t dot; (dot = schema.text.find('.', start)) != std::string::npos; start = dot + 1) {
    parts.emplace_back(schema.text.substr(start, dot - start));
  }
  parts.emplace_back(schema.text.substr(start));
  return parts;
}

}  // namespace memstack::sql
