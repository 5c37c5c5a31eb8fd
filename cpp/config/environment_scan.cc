#include "config/environment_scan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/python_doubt.h"
#include "base/python_source.h"
#include "config/environment_rules.h"

namespace memstack::config {
namespace {

using Rule = RuleResult (*)(const PythonTokens&);

// The order decides which reason a person reads first.
constexpr auto kRules =
    std::to_array<Rule>({&CheckConfigure, &CheckNames, &CheckStrings, &CheckLoops, &CheckRunFunctions,
                         &CheckEngines, &CheckSetOptions, &CheckImports, &CheckContext});

// True if nothing but engine_from_config() of a section, or get_main_option("sqlalchemy.url"), gives the
// address.
bool TakesAddressFromConfig(const PythonTokens& python) {
  const std::vector<PythonToken>& tokens = python.tokens;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].Is("set_main_option") || tokens[i].Is("set_section_option") ||
        tokens[i].Is("create_engine") || tokens[i].Is("create_async_engine")) {
      return false;
    }
    const bool is_key = tokens[i].IsString() && tokens[i].Body().find("url") != std::string_view::npos;
    if (!is_key) continue;
    const bool is_statement = tokens[i].starts_line;
    const bool is_read =
        i >= 2 && tokens[i].Body() == "sqlalchemy.url" && tokens[i - 2].Is("get_main_option");
    if (!is_statement && !is_read) return false;
  }
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const PythonToken& token) { return token.Is("get_section"); });
}

}  // namespace

ScanResult ScanEnvironment(std::string_view bytes) try {
  const std::string source = DecodePythonSource(bytes);
  const PythonTokens python = TokenizePython(source);
  for (const Rule rule : kRules) {
    if (RuleResult finding = rule(python))
      return ScanResult{false, std::move(finding->reason), finding->line, false};
  }
  return ScanResult{true, "", 0, TakesAddressFromConfig(python)};
} catch (const PythonDoubt& doubt) {
  return ScanResult{false, doubt.what(), doubt.line(), false};
}

}  // namespace memstack::config
