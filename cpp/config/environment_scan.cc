#include "config/environment_scan.h"

#include <array>
#include <string>
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
                         &CheckEngines, &CheckHandedOn, &CheckSetOptions, &CheckImports, &CheckContext});

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
