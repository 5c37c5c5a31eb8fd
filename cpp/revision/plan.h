// The steps from where the database stands to where it shall stand. Pure functions, no I/O.
//
// Order, changes of the version table and log texts are Alembic's (see version_delta.h for the one
// difference).
#pragma once

#include <string>
#include <vector>

#include "revision/graph.h"
#include "revision/target.h"
#include "revision/version_delta.h"

namespace memstack::revision {

enum class Direction { kUpgrade, kDowngrade, kStamp };

struct Step {
  Direction direction;
  bool is_upgrade;           // of a stamp, too: whether it moves up
  const Revision* revision;  // whose upgrade() or downgrade() to run; nullptr for a stamp. Into the Graph

  // What on_version_apply callbacks are told (MigrationInfo of Alembic).
  std::vector<std::string> up_revisions;
  std::vector<std::string> down_revisions;  // with the dependencies

  std::vector<VersionChange> changes;    // of the version table, in this order
  std::vector<std::string> heads_after;  // the rows then, in loading order

  std::string short_log;  // "upgrade a -> b"; several ids as "a, c"
  std::string log;        // with ", " and the message, if there is one: what stands behind "Running "
};

// Immutable value. REQUIRES for its use: the Graph is alive.
struct Plan {
  std::vector<Step> steps;               // empty: nothing to do
  std::vector<std::string> heads_after;  // of the whole plan
  std::vector<std::string> warnings;     // to be logged, in Alembic's words
};

// All three take the rows of the version table in the order of the query: `current_heads`; duplicates count
// once. They throw Error(kVersionTable) for a row that no file has, and Error(kTarget) for what cannot be
// reached.

// One target is read as `upgrade` reads it (relative ones included); several are taken as names, all at once.
// Also throws Error(kVersionTable) where one row stands on another.
Plan PlanUpgrade(const Graph& graph, const std::vector<std::string>& current_heads,
                 const std::vector<std::string>& targets);

Plan PlanDowngrade(const Graph& graph, const std::vector<std::string>& current_heads,
                   const std::string& target);

// `stamp`; with --purge the caller empties the table and passes no heads.
Plan PlanStamp(const Graph& graph, const std::vector<std::string>& current_heads,
               const std::vector<std::string>& targets);

}  // namespace memstack::revision
