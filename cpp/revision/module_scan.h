// Finds the assignments of a revision file that count, and proves that nothing else in it changes those
// names.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/python_tokens.h"
#include "revision/literal.h"

namespace memstack::revision {

// The names that Alembic reads from the module, by position in ModuleScan::assignments.
enum HeaderName { kRevisionName, kDownRevisionName, kBranchLabelsName, kDependsOnName, kHeaderNameCount };

struct HeaderAssignment {
  Literal value;
  int line;
};

struct ModuleScan {
  std::array<std::optional<HeaderAssignment>, kHeaderNameCount> assignments;
  std::vector<PythonToken> docstring;  // adjacent literals; empty: none
};

// Throws PythonDoubt wherever one of the names could have another value once the module has run.
ModuleScan ScanModule(const PythonTokens& module);

}  // namespace memstack::revision
