// The single rules of the scan of env.py. Each returns the first thing that makes the file not safe, or
// nullopt.
#pragma once

#include <optional>
#include <string>

#include "base/python_tokens.h"

namespace memstack::config {

struct ScanFinding {
  std::string reason;
  int line = 0;
};

using RuleResult = std::optional<ScanFinding>;

// environment_words.cc: names and strings that may change where or what is migrated, or hide it from this
// scan.
RuleResult CheckNames(const PythonTokens& python);
RuleResult CheckStrings(const PythonTokens& python);

// environment_imports.cc: what is imported, and that `context` is alembic's.
RuleResult CheckImports(const PythonTokens& python);
RuleResult CheckContext(const PythonTokens& python);

// environment_calls.cc: how often and with which arguments the calls that matter are made.
RuleResult CheckConfigure(const PythonTokens& python);
RuleResult CheckEngines(const PythonTokens& python);
RuleResult CheckSetOptions(const PythonTokens& python);

// environment_address.cc: that no other code gets hold of the engine or of its connection, and where the
// address comes from. TakesAddressFromConfig: the one engine is made of sqlalchemy.url of the configuration,
// in a known form.
RuleResult CheckHandedOn(const PythonTokens& python);
bool TakesAddressFromConfig(const PythonTokens& python);

// environment_flow.cc: that what leads to run_migrations() runs once.
RuleResult CheckRunFunctions(const PythonTokens& python);
RuleResult CheckLoops(const PythonTokens& python);

}  // namespace memstack::config
