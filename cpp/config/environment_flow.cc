// That whatever leads to run_migrations() happens once: no loop, no second call, nobody else who calls it.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "config/environment_rules.h"
#include "config/python_call.h"

namespace memstack::config {
namespace {

using NameSet = std::set<std::string, std::less<>>;

struct Function {
  std::string name;
  size_t name_token = 0;
  size_t line = 0;   // logical line of its `def`
  size_t begin = 0;  // tokens of header and body: [begin, end)
  size_t end = 0;
};

// The tokens from logical line `line` to the end of the suite that it opens.
std::pair<size_t, size_t> SuiteTokens(const PythonTokens& python, size_t line) {
  return {python.lines[line].begin, python.lines[EndOfSuite(python, line) - 1].end};
}

std::vector<Function> FindFunctions(const PythonTokens& python) {
  std::vector<Function> functions;
  for (size_t i = 0; i < python.lines.size(); ++i) {
    size_t at = python.lines[i].begin;
    if (python.tokens[at].Is("async") && at + 1 < python.lines[i].end) ++at;
    if (!python.tokens[at].Is("def") || at + 1 >= python.lines[i].end) continue;
    const auto [begin, end] = SuiteTokens(python, i);
    functions.push_back(Function{std::string(python.tokens[at + 1].text), at + 1, i, begin, end});
  }
  return functions;
}

bool Mentions(const PythonTokens& python, size_t begin, size_t end, const NameSet& names) {
  return std::any_of(python.tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                     python.tokens.begin() + static_cast<std::ptrdiff_t>(end), [&](const PythonToken& token) {
                       return token.kind == PythonTokenKind::kName && names.contains(token.text);
                     });
}

// The names through which run_migrations() is reached, those two included.
NameSet LeadingNames(const PythonTokens& python, const std::vector<Function>& functions) {
  NameSet names = {"configure", "run_migrations"};
  for (size_t before = 0; before != names.size();) {
    before = names.size();
    for (const Function& function : functions) {
      if (Mentions(python, function.name_token + 1, function.end, names)) names.insert(function.name);
    }
  }
  return names;
}

size_t LineOfToken(const PythonTokens& python, size_t token) {
  const auto found = std::find_if(python.lines.begin(), python.lines.end(),
                                  [token](const PythonLine& line) { return token < line.end; });
  return static_cast<size_t>(found - python.lines.begin());
}

// f(...), or run_sync(f, ...), which SQLAlchemy calls once.
bool IsSimpleUse(const PythonTokens& python, size_t at) {
  const std::vector<PythonToken>& tokens = python.tokens;
  if (at > 0 && tokens[at - 1].Is(".")) return false;
  if (at + 1 < tokens.size() && tokens[at + 1].Is("(")) return true;
  return at >= 2 && tokens[at - 1].Is("(") && tokens[at - 2].Is("run_sync");
}

RuleResult CheckFunction(const PythonTokens& python, const Function& function) {
  const auto found = [&](std::string_view why, size_t token) {
    return ScanFinding{fmt::format("{}() {}", function.name, why), python.tokens[token].line};
  };
  const bool is_decorated = function.line > 0 && python.tokens[python.lines[function.line - 1].begin].Is("@");
  if (is_decorated) return found("is decorated, which may run it several times", function.name_token);
  int uses = 0;
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    if (i == function.name_token || !python.tokens[i].Is(function.name)) continue;
    if (!IsSimpleUse(python, i)) return found("is not simply called", i);
    const PythonLine& line = python.lines[LineOfToken(python, i)];
    if (Mentions(python, line.begin, line.end, {"lambda"})) return found("is called from a lambda", i);
    ++uses;
  }
  if (uses != 1) return found(fmt::format("is called at {} places, not one", uses), function.name_token);
  return std::nullopt;
}

}  // namespace

RuleResult CheckRunFunctions(const PythonTokens& python) {
  const std::vector<Function> functions = FindFunctions(python);
  const NameSet leading = LeadingNames(python, functions);
  for (const Function& function : functions) {
    if (!leading.contains(function.name)) continue;
    if (RuleResult finding = CheckFunction(python, function)) return finding;
  }
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    const PythonToken& token = python.tokens[i];
    const size_t line = LineOfToken(python, i);
    if (token.Is("lambda") && Mentions(python, python.lines[line].begin, python.lines[line].end, leading)) {
      return ScanFinding{"a lambda may run migrations", token.line};
    }
    if (!token.Is("class")) continue;
    const auto [begin, end] = SuiteTokens(python, line);
    if (Mentions(python, begin, end, leading)) return ScanFinding{"a class runs migrations", token.line};
  }
  return std::nullopt;
}

RuleResult CheckLoops(const PythonTokens& python) {
  NameSet names = {"configure", "run_migrations", "begin_transaction", "connect", "begin", "run_sync"};
  for (const Function& function : FindFunctions(python)) names.insert(function.name);
  for (size_t i = 0; i < python.tokens.size(); ++i) {
    const PythonToken& token = python.tokens[i];
    if (!token.Is("for") && !token.Is("while")) continue;
    const auto [begin, end] =
        token.depth == 0 ? SuiteTokens(python, LineOfToken(python, i)) : EnclosingBracket(python, i);
    if (Mentions(python, begin, end, names))
      return ScanFinding{"a loop may run migrations several times", token.line};
  }
  return std::nullopt;
}

}  // namespace memstack::config
