// Where the engine's address comes from, and who gets hold of the engine and of its connection.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "config/environment_rules.h"
#include "config/python_call.h"

namespace memstack::config {
namespace {

constexpr auto kPlainEngineMakers =
    std::to_array<std::string_view>({"engine_from_config", "async_engine_from_config"});
constexpr auto kOtherEngineMakers = std::to_array<std::string_view>({"create_engine", "create_async_engine"});

// Calls that may be given an engine or a connection: they do not change what is found on it.
constexpr auto kHarmlessReceivers =
    std::to_array<std::string_view>({"configure", "run_sync", "AsyncEngine", "isinstance", "print", "type",
                                     "str", "repr", "bool", "id", "hasattr", "super"});

template <size_t kSize>
bool Contains(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsImported(const PythonTokens& python, size_t token) {
  while (token > 0 && !python.tokens[token].starts_line) --token;
  return python.tokens[token].Is("from") || python.tokens[token].Is("import");
}

// Whether the tokens of an argument read exactly like one of `texts`, brackets and commas included.
bool Reads(const PythonTokens& python, const PythonArgument& argument, std::string_view text) {
  std::string joined;
  for (size_t i = argument.begin; i < argument.end; ++i) {
    if (python.tokens[i].IsString()) return false;
    joined += python.tokens[i].text;
  }
  return joined == text;
}

// engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", ...)
bool IsMadeOfTheSection(const PythonTokens& python, const std::vector<PythonArgument>& arguments) {
  bool has_section = false;
  for (const PythonArgument& argument : arguments) {
    const bool is_first = argument.keyword.empty() || argument.keyword == "configuration";
    if (is_first && !has_section) {
      has_section = Reads(python, argument, "config.get_section(config.config_ini_section)") ||
                    Reads(python, argument, "config.get_section(config.config_ini_section,{})") ||
                    Reads(python, argument, "config.get_section(config.config_ini_section,)") ||
                    Reads(python, argument, "config.get_section(config.config_ini_section)or{}");
      if (!has_section) return false;
    } else if (argument.keyword.empty() || argument.keyword == "prefix") {
      const std::string_view text = python.tokens[argument.begin].text;
      const bool is_literal =
          argument.end == argument.begin + 1 && (text == "\"sqlalchemy.\"" || text == "'sqlalchemy.'");
      if (!is_literal) return false;
    } else if (argument.keyword == "url") {
      return false;
    }
  }
  return has_section;
}

// That `config` is alembic's, and nothing else is ever put in its place.
bool IsAlembicsConfig(const PythonTokens& python) {
  const std::vector<PythonToken>& tokens = python.tokens;
  bool is_alembics = false;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].Is("config") || (i > 0 && tokens[i - 1].Is("."))) continue;
    if (tokens[i + 1].Is(".")) continue;
    const bool is_assigned = tokens[i].starts_line && i + 4 < tokens.size() && tokens[i + 1].Is("=") &&
                             tokens[i + 2].Is("context") && tokens[i + 3].Is(".") &&
                             tokens[i + 4].Is("config") &&
                             (i + 5 == tokens.size() || tokens[i + 5].starts_line);
    if (!is_assigned) return false;
    is_alembics = true;
    i += 4;
  }
  return is_alembics;
}

// The names that hold an engine or a connection: `NAME = create_engine(...)`, `... .connect() as NAME`, and
// the values of configure(connection=NAME).
std::set<std::string_view> HeldNames(const PythonTokens& python) {
  std::set<std::string_view> names;
  for (const PythonLine& line : python.lines) {
    const auto begin = python.tokens.begin() + static_cast<std::ptrdiff_t>(line.begin);
    const auto end = python.tokens.begin() + static_cast<std::ptrdiff_t>(line.end);
    const bool makes = std::any_of(begin, end, [](const PythonToken& token) {
      return Contains(kPlainEngineMakers, token.text) || Contains(kOtherEngineMakers, token.text) ||
             token.Is("connect") || token.Is("begin") || token.Is("AsyncEngine");
    });
    for (size_t i = line.begin; makes && i + 1 < line.end; ++i) {
      const bool is_target = python.tokens[i].starts_line && python.tokens[i + 1].Is("=");
      if (is_target) names.insert(python.tokens[i].text);
      if (python.tokens[i].Is("as")) names.insert(python.tokens[i + 1].text);
    }
  }
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    if (!python.tokens[i].Is("configure")) continue;
    const auto arguments = ParseCall(python, i);
    if (!arguments) continue;
    for (const PythonArgument& argument : *arguments) {
      const bool is_connection = argument.keyword.empty() || argument.keyword == "connection";
      if (is_connection && argument.end == argument.begin + 1)
        names.insert(python.tokens[argument.begin].text);
    }
  }
  return names;
}

std::set<std::string_view> DefinedFunctions(const PythonTokens& python) {
  std::set<std::string_view> names;
  for (size_t i = 1; i < python.tokens.size(); ++i) {
    if (python.tokens[i - 1].Is("def")) names.insert(python.tokens[i].text);
  }
  return names;
}

}  // namespace

RuleResult CheckHandedOn(const PythonTokens& python) {
  const std::vector<PythonToken>& tokens = python.tokens;
  const std::set<std::string_view> held = HeldNames(python);
  const std::set<std::string_view> defined = DefinedFunctions(python);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != PythonTokenKind::kName || !held.contains(tokens[i].text) || tokens[i].depth == 0)
      continue;
    const bool is_attribute = tokens[i - 1].Is(".") || (i + 1 < tokens.size() && tokens[i + 1].Is("."));
    const bool is_keyword = i + 1 < tokens.size() && tokens[i + 1].Is("=");
    if (is_attribute || is_keyword || IsImported(python, i)) continue;
    const size_t inside = EnclosingBracket(python, i).first;
    const bool is_call =
        inside >= 2 && tokens[inside - 1].Is("(") && tokens[inside - 2].kind == PythonTokenKind::kName;
    if (is_call) {
      const std::string_view receiver = tokens[inside - 2].text;
      const bool is_method = inside >= 3 && tokens[inside - 3].Is(".");
      if (Contains(kHarmlessReceivers, receiver) || (!is_method && defined.contains(receiver))) continue;
    }
    return ScanFinding{fmt::format("'{}' is handed on to other code", tokens[i].text), tokens[i].line};
  }
  return std::nullopt;
}

bool TakesAddressFromConfig(const PythonTokens& python) {
  bool is_made = false;
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    const PythonToken& token = python.tokens[i];
    if (token.Is("set_main_option") || token.Is("set_section_option")) return false;
    if (token.kind != PythonTokenKind::kName || IsImported(python, i)) continue;
    if (Contains(kOtherEngineMakers, token.text)) return false;
    if (!Contains(kPlainEngineMakers, token.text)) continue;
    const auto arguments = ParseCall(python, i);
    if (!arguments || !IsMadeOfTheSection(python, *arguments)) return false;
    is_made = true;
  }
  return is_made && IsAlembicsConfig(python);
}

}  // namespace memstack::config
