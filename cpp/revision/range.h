// The revisions between two points of the history, in order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/graph.h"
#include "revision/target.h"

namespace memstack::revision {

// What has to be applied to come from `current` to `target`, newest first, whatever branches it takes.
// REQUIRES: `current` holds ids of the graph.
// Throws Error(kTarget) as TargetResolver does, and for targets of which one stands on another.
std::vector<RevisionIndex> UpgradeRange(const Graph& graph, const std::vector<std::string>& current,
                                        const RangeEnd& target);

struct DowngradeResult {
  std::vector<RevisionIndex> revisions;  // newest first, the order in which to take them down
  std::string warning;                   // or ""
};
// Throws Error(kTarget) as TargetResolver does, and for a target that is not below `current`.
DowngradeResult DowngradeRange(const Graph& graph, const std::vector<std::string>& current,
                               std::string_view target);

// `history -r base:head`: newest first, both ends included. An empty vector as an end is the empty version
// table.
std::vector<RevisionIndex> HistoryRange(const Graph& graph, const RangeEnd& base, const RangeEnd& head);

}  // namespace memstack::revision
