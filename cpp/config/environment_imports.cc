// What env.py imports, and that the name `context` is alembic's throughout.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"
#include "base/word_list.h"
#include "config/environment_rules.h"

namespace memstack::config {
namespace {

constexpr auto kContextNames = std::to_array<std::string_view>(
    {"configure", "run_migrations", "begin_transaction", "is_offline_mode", "config", "get_x_argument"});

// "from a.b import x as y, z" as parts; `names` holds x and z, and y as an alias.
struct FromImport {
  std::string module;
  std::vector<std::string> names;
  bool has_star = false;
  bool has_alias = false;
};

FromImport ParseFrom(const PythonTokens& python, const PythonLine& line) {
  FromImport parts;
  size_t i = line.begin + 1;
  for (; i < line.end && !python.tokens[i].Is("import"); ++i) parts.module += python.tokens[i].text;
  for (++i; i < line.end; ++i) {
    const PythonToken& token = python.tokens[i];
    if (token.Is("*")) parts.has_star = true;
    if (token.Is("as")) parts.has_alias = true;
    if (token.kind == PythonTokenKind::kName && !token.Is("as")) parts.names.emplace_back(token.text);
  }
  return parts;
}

bool IsWithin(std::string_view module, std::string_view package) {
  return module == package || (module.starts_with(package) && module[package.size()] == '.');
}

// A connection or an engine that was made elsewhere, with arguments that are not seen here.
bool LooksLikeConnection(const std::string& name) {
  const std::string lower = AsciiLower(name);
  for (const std::string_view word : {"engine", "conn", "session"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

RuleResult CheckFrom(const FromImport& parts, int line) {
  if (parts.has_star)
    return ScanFinding{"it imports everything from a module, which may replace any name", line};
  if (parts.module == "alembic") {
    if (parts.names == std::vector<std::string>{"context"}) return std::nullopt;
    return ScanFinding{"it imports more than 'context' from alembic", line};
  }
  if (IsWithin(parts.module, "alembic")) {
    if (IsWithin(parts.module, "alembic.autogenerate")) return std::nullopt;
    return ScanFinding{fmt::format("it imports from '{}'", parts.module), line};
  }
  if (IsWithin(parts.module, "sqlalchemy") || IsWithin(parts.module, "sqlmodel")) {
    const auto is_maker = [](const std::string& name) { return name.find("engine") != std::string::npos; };
    if (parts.has_alias && std::any_of(parts.names.begin(), parts.names.end(), is_maker)) {
      return ScanFinding{"it gives an engine function another name", line};
    }
    return std::nullopt;
  }
  for (const std::string& name : parts.names) {
    if (LooksLikeConnection(name))
      return ScanFinding{fmt::format("it imports '{}' from '{}'", name, parts.module), line};
  }
  return std::nullopt;
}

}  // namespace

RuleResult CheckImports(const PythonTokens& python) {
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    const PythonToken& token = python.tokens[i];
    // An import that shares its line with something else would escape the rules below.
    const bool is_keyword = token.Is("import") || token.Is("from");
    if (!is_keyword || (i > 0 && (python.tokens[i - 1].Is("yield") || python.tokens[i - 1].Is("."))))
      continue;
    const auto line =
        std::find_if(python.lines.begin(), python.lines.end(),
                     [i](const PythonLine& candidate) { return i >= candidate.begin && i < candidate.end; });
    const PythonToken& head = python.tokens[line->begin];
    if (head.Is("raise")) continue;
    const auto begin = python.tokens.begin() + static_cast<std::ptrdiff_t>(line->begin);
    const auto end = python.tokens.begin() + static_cast<std::ptrdiff_t>(line->end);
    const auto joins = [](const PythonToken& other) { return other.Is(";") || other.Is(":"); };
    if ((!head.Is("import") && !head.Is("from")) || std::any_of(begin, end, joins)) {
      return ScanFinding{"an import shares its line with other code", token.line};
    }
    if (token.Is("from")) {
      if (RuleResult finding = CheckFrom(ParseFrom(python, *line), token.line)) return finding;
    } else if (head.Is("import") && i + 1 < line->end) {
      const auto is_alembic = [](const PythonToken& other) { return other.Is("alembic"); };
      if (std::any_of(begin, end, is_alembic))
        return ScanFinding{"it imports alembic as a module", token.line};
    }
  }
  return std::nullopt;
}

RuleResult CheckContext(const PythonTokens& python) {
  const std::vector<PythonToken>& tokens = python.tokens;
  bool is_imported = false;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].Is("context")) continue;
    const bool has_before = i > 0 && !tokens[i].starts_line;
    if (has_before && tokens[i - 1].Is("import") && i >= 3 && tokens[i - 2].Is("alembic") &&
        tokens[i - 3].Is("from")) {
      is_imported = true;
      continue;
    }
    const bool is_used = i + 2 < tokens.size() && tokens[i + 1].Is(".") && !(i > 0 && tokens[i - 1].Is("."));
    if (!is_used) return ScanFinding{"'context' is passed on, renamed or assigned", tokens[i].line};
    const std::string_view name = tokens[i + 2].text;
    if (!Contains(kContextNames, name)) {
      return ScanFinding{fmt::format("it uses 'context.{}'", name), tokens[i].line};
    }
    if (i + 3 < tokens.size() && tokens[i + 3].Is("=")) {
      return ScanFinding{fmt::format("it assigns 'context.{}'", name), tokens[i].line};
    }
  }
  if (!is_imported) return ScanFinding{"it does not say 'from alembic import context'", 0};
  return std::nullopt;
}

}  // namespace memstack::config
