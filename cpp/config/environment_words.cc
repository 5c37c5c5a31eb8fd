// The words that make an env.py not safe, in code and in strings.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"
#include "base/word_list.h"
#include "config/environment_rules.h"

namespace memstack::config {
namespace {

constexpr size_t kNone = std::string_view::npos;

// Anywhere within a name or a string, whatever stands around it.
constexpr auto kFragments = std::to_array<std::string_view>(
    {"version_table", "version_locations", "search_path", "schema_translate_map", "server_settings",
     "options", "connect_args", "default_schema_name", "session authorization", "set_config",
     "current_schema"});

// As a whole name, whatever it is used for.
constexpr auto kNames = std::to_array<std::string_view>({"exec",
                                                         "eval",
                                                         "modules",
                                                         "_getframe",
                                                         "fork",
                                                         "execv",
                                                         "execvp",
                                                         "execve",
                                                         "getattr",
                                                         "setattr",
                                                         "delattr",
                                                         "globals",
                                                         "locals",
                                                         "importlib",
                                                         "import_module",
                                                         "runpy",
                                                         "run_path",
                                                         "run_module",
                                                         "builtins",
                                                         "attrgetter",
                                                         "methodcaller",
                                                         "execute",
                                                         "executemany",
                                                         "executescript",
                                                         "exec_driver_sql",
                                                         "scalar",
                                                         "scalars",
                                                         "cursor",
                                                         "event",
                                                         "events",
                                                         "listen",
                                                         "listens_for",
                                                         "creator",
                                                         "async_creator",
                                                         "do_connect",
                                                         "MigrationContext",
                                                         "EnvironmentContext",
                                                         "ScriptDirectory",
                                                         "get_context",
                                                         "get_bind",
                                                         "get_impl",
                                                         "file_config",
                                                         "subprocess",
                                                         "Popen",
                                                         "system",
                                                         "multiprocessing",
                                                         "threading",
                                                         "Thread",
                                                         "ThreadPoolExecutor",
                                                         "ProcessPoolExecutor",
                                                         "run_in_executor",
                                                         "to_thread",
                                                         "ctypes",
                                                         "monkeypatch",
                                                         "reload",
                                                         "chdir",
                                                         "plugin",
                                                         "plugins",
                                                         "databases",
                                                         "get_engine",
                                                         "create_all",
                                                         "drop_all"});

// As a call of a bare name: re.compile() is something else.
constexpr auto kBareCalls = std::to_array<std::string_view>({"compile", "vars", "text", "dir", "input"});

std::string_view FindFragment(const std::string& lower) {
  for (const std::string_view fragment : kFragments) {
    if (lower.find(fragment) != kNone) return fragment;
  }
  return {};
}

bool IsDunder(std::string_view name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

// A statement that is nothing but a string has no effect: a docstring.
bool IsDocstring(const PythonTokens& python, const PythonLine& line) {
  return std::all_of(python.tokens.begin() + static_cast<std::ptrdiff_t>(line.begin),
                     python.tokens.begin() + static_cast<std::ptrdiff_t>(line.end),
                     [](const PythonToken& token) { return token.IsString(); });
}

// A name that touches a string: a keyword ("in'x'"), or a prefix of a Python that is newer than this file,
// which may say that there is code in the string.
bool IsUnknownPrefix(const PythonToken& name, const PythonToken& string) {
  return name.kind == PythonTokenKind::kName && name.text.data() + name.text.size() == string.text.data();
}

// "\x5f", "\137", "\u005f", "\N{LOW LINE}" spell a character that the eye does not see.
bool HidesCharacters(const PythonToken& token) {
  if (token.HasPrefix("r")) return false;
  const std::string_view body = token.Body();
  for (size_t i = 0; i + 1 < body.size(); ++i) {
    if (body[i] != '\\') continue;
    const char c = body[++i];
    if (std::string_view("xuUN\n").find(c) != kNone || IsAsciiDigit(c)) return true;
  }
  return false;
}

// An address that is written out, not only a scheme as in url.replace("postgresql://", ...). What stands in
// the braces of an f-string comes from elsewhere and does not count.
bool HoldsAddress(std::string_view text, bool is_fstring) {
  const size_t at = text.find("://");
  if (at == kNone) return false;
  int depth = 0;
  for (const char c : text.substr(at + 3)) {
    if (is_fstring && c == '{') ++depth;
    if (depth == 0 && IsAsciiWord(c)) return true;
    if (is_fstring && c == '}') --depth;
  }
  return false;
}

// "SET x TO ..." or "RESET x" as SQL.
bool HoldsSetStatement(std::string_view lower) {
  for (const std::string_view word : {"set", "reset"}) {
    for (size_t at = lower.find(word); at != kNone; at = lower.find(word, at + 1)) {
      const size_t end = at + word.size();
      const bool starts = at == 0 || !IsAsciiWord(lower[at - 1]);
      if (starts && end < lower.size() && (lower[end] == ' ' || lower[end] == '\t' || lower[end] == '\n'))
        return true;
    }
  }
  return false;
}

// PGHOST, PGOPTIONS, ...: what libpq reads behind everyone's back.
bool IsLibpqVariable(std::string_view text) {
  return text.size() > 3 && text.starts_with("PG") &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// In an f-string there is code; in any string there may be the name that getattr() or a dictionary is asked
// for.
std::string_view FindHiddenName(std::string_view text, bool is_fstring) {
  size_t start = 0;
  while (start < text.size()) {
    while (start < text.size() && !IsAsciiWord(text[start])) ++start;
    size_t end = start;
    while (end < text.size() && IsAsciiWord(text[end])) ++end;
    const std::string_view word = text.substr(start, end - start);
    if (word == "configure" || word == "run_migrations") return word;
    if (is_fstring &&
        (Contains(kNames, word) || Contains(kBareCalls, word) || word == "context" || IsDunder(word))) {
      return word;
    }
    start = end;
  }
  return {};
}

RuleResult CheckString(const std::string& text, const PythonToken& first, bool is_fstring) {
  const std::string lower = AsciiLower(text);
  const auto found = [&](std::string reason) { return ScanFinding{std::move(reason), first.line}; };
  if (const auto fragment = FindFragment(lower); !fragment.empty())
    return found(fmt::format("a string holds '{}'", fragment));
  if (const auto name = FindHiddenName(text, is_fstring); !name.empty())
    return found(fmt::format("a string holds '{}'", name));
  if (HoldsSetStatement(lower)) return found("a string looks like SQL that sets something");
  if (HoldsAddress(text, is_fstring)) return found("a string holds an address of its own");
  if (IsLibpqVariable(text)) return found("it uses an environment variable of libpq");
  return std::nullopt;
}

}  // namespace

RuleResult CheckNames(const PythonTokens& python) {
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    const PythonToken& token = python.tokens[i];
    if (token.kind != PythonTokenKind::kName) continue;
    const auto found = [&] { return ScanFinding{fmt::format("it uses '{}'", token.text), token.line}; };
    if (!FindFragment(AsciiLower(token.text)).empty() || Contains(kNames, token.text)) return found();
    const bool is_harmless =
        token.text == "__name__" || token.text == "__file__" || token.text == "__future__";
    if (IsDunder(token.text) && !is_harmless) return found();
    const bool is_attribute = i > 0 && python.tokens[i - 1].Is(".");
    if (!is_attribute && Contains(kBareCalls, token.text)) return found();
    const bool is_base = i + 1 < python.tokens.size() && python.tokens[i + 1].Is(".");
    if (token.text == "dialect" && is_base) return found();
    // db.engine: made elsewhere; sqlalchemy.engine is a module.
    const bool is_module = i >= 2 && python.tokens[i - 2].Is("sqlalchemy");
    if (is_attribute && !is_module && token.text == "engine") return found();
  }
  return std::nullopt;
}

RuleResult CheckStrings(const PythonTokens& python) {
  for (const PythonLine& line : python.lines) {
    if (IsDocstring(python, line)) continue;
    for (size_t i = line.begin; i < line.end; ++i) {
      const PythonToken& first = python.tokens[i];
      if (!first.IsString()) continue;
      if (i > line.begin && IsUnknownPrefix(python.tokens[i - 1], first)) {
        return ScanFinding{"a name stands right before a string", first.line};
      }
      std::string joined;  // adjacent strings are one
      bool is_fstring = false;
      for (; i < line.end && python.tokens[i].IsString(); ++i) {
        const PythonToken& part = python.tokens[i];
        if (HidesCharacters(part)) return ScanFinding{"a string holds escaped characters", part.line};
        is_fstring = is_fstring || part.HasPrefix("ft");
        joined += part.Body();
      }
      if (RuleResult finding = CheckString(joined, first, is_fstring)) return finding;
    }
  }
  return std::nullopt;
}

}  // namespace memstack::config
