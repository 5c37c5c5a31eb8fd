#include "config/environment_scan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/environment_rules.h"

namespace memstack::config {
namespace {

using Rule = RuleResult (*)(const PythonTokens&);

// The order decides which reason a person reads first.
constexpr auto kRules =
    std::to_array<Rule>({&CheckConfigure, &CheckNames, &CheckStrings, &CheckLoops, &CheckRunFunctions,
                         &CheckEngines, &CheckHandedOn, &CheckSetOptions, &CheckImports, &CheckContext});

}  // namespace

ScanResult ScanEnvironment(std::string_view source) {
  const PythonTokens python = TokenizePython(source);
  if (!python.doubt.empty()) return ScanResult{false, python.doubt, python.doubt_line, false};
  for (const Rule rule : kRules) {
    if (RuleResult finding = rule(python))
      return ScanResult{false, std::move(finding->reason), finding->line, false};
  }
  return ScanResult{true, "", 0, TakesAddressFromConfig(python)};
}

}  // namespace memstack::config
