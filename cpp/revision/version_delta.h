// What one step does to the rows of the version table: Alembic's HeadMaintainer, without a database.
//
// One difference, on purpose. A dependency may also be an ancestor of another parent: M follows a and b and
// depends on c, and b stands on c. Alembic counts c as a row of its own: an upgrade over M fails with a
// KeyError, and a downgrade of M may leave a row c beside b, which Alembic's next upgrade refuses. Here c is
// no row while something that stands on it is one.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "revision/graph.h"

namespace memstack::revision {

// One statement on the version table; each must change exactly one row.
struct VersionChange {
  enum class Kind { kInsert, kDelete, kUpdate };
  Kind kind;
  std::string from;  // deleted or replaced id
  std::string to;    // inserted or replacing id

  friend bool operator==(const VersionChange&, const VersionChange&) = default;
};

// Follows the rows through the steps of a plan. One thread at a time.
// The functions return the changes of one step, in the order of execution, and throw Error(kVersionTable) if
// the rows do not allow it.
class VersionRows {
 public:
  VersionRows(const Graph& graph, const std::vector<RevisionIndex>& heads)
      : graph_(graph), heads_(heads.begin(), heads.end()) {}

  std::vector<VersionChange> Upgrade(RevisionIndex revision);
  std::vector<VersionChange> Downgrade(RevisionIndex revision);
  // A stamp moves the rows `from` to the row `to`; without `from` it adds a branch.
  std::vector<VersionChange> StampUp(const std::vector<RevisionIndex>& from, RevisionIndex to);
  std::vector<VersionChange> StampDown(const std::vector<RevisionIndex>& from, RevisionIndex to);
  std::vector<VersionChange> StampRemoved(RevisionIndex head);

  std::vector<std::string> Ids() const;  // in loading order

 private:
  bool Has(RevisionIndex index) const { return heads_.contains(index); }
  // Those of `candidates` that nothing else applied, and no other candidate, stands on.
  std::vector<RevisionIndex> Uncovered(const std::vector<RevisionIndex>& candidates,
                                       const std::vector<RevisionIndex>& leaving) const;
  void Insert(RevisionIndex to);
  void Delete(RevisionIndex from);
  void Update(RevisionIndex from, RevisionIndex to);
  std::vector<VersionChange> Merge(const std::vector<RevisionIndex>& from, RevisionIndex to);
  std::vector<VersionChange> Taken() { return std::exchange(changes_, {}); }

  const Graph& graph_;
  std::set<RevisionIndex> heads_;
  std::vector<VersionChange> changes_;
};

}  // namespace memstack::revision
