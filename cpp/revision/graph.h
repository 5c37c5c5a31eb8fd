// The history: every revision file, and what follows what.
//
// The answers equal those of alembic.script.revision.RevisionMap, and so do the names: "versions" are the
// links by down_revision, "dependencies" those by depends_on.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/header.h"

namespace memstack::revision {

// A revision's position in the order of loading; names it within one Graph.
using RevisionIndex = size_t;

struct Revision {
  Header header;

  std::vector<RevisionIndex> parents;       // by down_revision, repetitions kept
  std::vector<RevisionIndex> dependencies;  // by depends_on, labels resolved
  // `dependencies` without those that an ancestor has already.
  std::vector<RevisionIndex> own_dependencies;
  std::vector<RevisionIndex> all_parents;   // parents, then own_dependencies, each once
  std::vector<RevisionIndex> children;      // who names it in down_revision
  std::vector<RevisionIndex> all_children;  // who names it in down_revision or depends_on
  std::vector<std::string> branch_labels;   // its own and those of its branch, sorted

  const std::string& id() const { return header.revision; }
  bool is_base() const { return parents.empty(); }
  bool is_head() const { return children.empty(); }
  // A head that nobody depends on either: only these are rows of the version table after a full upgrade.
  bool is_effective_head() const { return all_children.empty(); }
  bool is_branch_point() const { return children.size() > 1; }
  bool is_merge_point() const { return parents.size() > 1; }
  bool HasBranchLabel(std::string_view label) const;
};

// Immutable; share freely. Pointers and references into it live as long as it does.
class Graph {
 public:
  // Throws Error(kHistory), naming file and line, for: two files with one id, an id that is empty or has one
  // of
  // "@-+:" in it, a branch label used twice or equal to an id, a down_revision or depends_on
  // that no file has, a cycle.
  explicit Graph(std::vector<Header> headers);

  size_t size() const { return revisions_.size(); }
  const Revision& at(RevisionIndex index) const { return revisions_[index]; }
  const std::vector<Revision>& revisions() const { return revisions_; }  // in loading order

  std::optional<RevisionIndex> FindId(std::string_view id) const;
  // Every name that stands for a revision: first the ids, then the branch labels, both in loading order.
  const std::vector<std::pair<std::string, RevisionIndex>>& names() const { return names_; }
  std::optional<RevisionIndex> FindName(std::string_view id_or_label) const;

  // In loading order.
  const std::vector<RevisionIndex>& heads() const { return heads_; }
  const std::vector<RevisionIndex>& effective_heads() const { return effective_heads_; }
  const std::vector<RevisionIndex>& bases() const { return bases_; }

  std::vector<std::string> Ids(const std::vector<RevisionIndex>& indexes) const;

  // The ids most like `text`, best first, for a hint; empty if none is near.
  std::vector<std::string> NearIds(std::string_view text) const;

 private:
  void AddIds(std::vector<Header> headers);
  void AddBranchLabels();
  void LinkParents();
  void LinkDependencies();
  void CheckForCycles() const;
  void ReduceDependencies();
  void SpreadBranchLabels();
  void CollectEnds();
  void AddName(const std::string& name, RevisionIndex index);

  std::vector<Revision> revisions_;
  std::vector<std::pair<std::string, RevisionIndex>> names_;
  std::map<std::string, RevisionIndex, std::less<>> by_name_;
  std::vector<RevisionIndex> heads_;
  std::vector<RevisionIndex> effective_heads_;
  std::vector<RevisionIndex> bases_;
};

}  // namespace memstack::revision
