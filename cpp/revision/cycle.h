// Revisions that stand on themselves.
#pragma once

#include <vector>

#include "revision/graph.h"

namespace memstack::revision {

// One cycle of parents and dependencies, from a revision down to itself, which is first and last; empty if
// there is none. Uses Revision::parents and Revision::dependencies only, so it works on a graph that is half
// built.
std::vector<RevisionIndex> FindCycle(const std::vector<Revision>& revisions);

}  // namespace memstack::revision
