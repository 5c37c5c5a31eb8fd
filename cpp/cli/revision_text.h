// A revision as `heads`, `history` and `current` show it: the same text as Alembic's.
#pragma once

#include <string>

#include "revision/graph.h"

namespace memstack::cli {

struct RevisionTextOptions {
  bool branches = false;  // its branch labels
  bool message = false;   // the docstring's first paragraph
  bool parents = false;   // "<base> -> 1a2b"
  bool tree = true;       // (branchpoint), (mergepoint)
  bool is_current = false;
};

// One line (the message may add more), without a newline. The format is Script._head_only's.
std::string RevisionLine(const revision::Graph& graph, revision::RevisionIndex index,
                         const RevisionTextOptions& options);

// Everything about it, several lines: Script.log_entry's.
std::string RevisionEntry(const revision::Graph& graph, revision::RevisionIndex index, bool is_current);

}  // namespace memstack::cli
