// Walks over the graph: who is above, who is below, and in which order.
#pragma once

#include <span>
#include <vector>

#include "revision/graph.h"

namespace memstack::revision {

enum class Follow {
  kVersions,                 // down_revision only
  kVersionsAndDependencies,  // depends_on, too
};

// A set of revisions of one graph.
class RevisionSet {
 public:
  explicit RevisionSet(const Graph& graph) : members_(graph.size(), false) {}

  bool Contains(RevisionIndex index) const { return members_[index]; }
  void Insert(RevisionIndex index) { members_[index] = true; }
  void Erase(RevisionIndex index) { members_[index] = false; }
  bool IsEmpty() const;
  bool ContainsAnyOf(std::span<const RevisionIndex> indexes) const;
  void KeepOnly(const RevisionSet& other);
  void Insert(const RevisionSet& other);
  void Erase(const RevisionSet& other);
  std::vector<RevisionIndex> Members() const;  // in loading order

 private:
  std::vector<bool> members_;
};

// Both include the starting revisions themselves.
RevisionSet AncestorsOf(const Graph& graph, std::span<const RevisionIndex> start, Follow follow);
RevisionSet DescendantsOf(const Graph& graph, std::span<const RevisionIndex> start, Follow follow);

// Two revisions of which one is above the other, so that they cannot be asked for, or applied, side by side.
struct Overlap {
  RevisionIndex upper;
  RevisionIndex lower;
};
std::optional<Overlap> FindOverlap(const Graph& graph, std::span<const RevisionIndex> revisions);

// `revisions` from the newest to the oldest, each before everything it stands on: the order of `history`, of
// a downgrade, and reversed of an upgrade. The walk starts at those of `heads` that are in the set, in
// loading order, and stays on a branch for as long as it can. Throws Error(kTarget) if some of the set cannot
// be reached in this way.
std::vector<RevisionIndex> SortNewestFirst(const Graph& graph, const RevisionSet& revisions,
                                           std::span<const RevisionIndex> heads);

}  // namespace memstack::revision
