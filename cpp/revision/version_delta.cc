#include "revision/version_delta.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "revision/traversal.h"

namespace memstack::revision {
namespace {

Error Contradiction(const std::string& what) {
  return Error(ErrorCode::kVersionTable, what)
      .Hint(
          "the rows do not fit together: look at them with 'memstack-migrate current', mend them with "
          "'stamp'");
}

}  // namespace

std::vector<VersionChange> VersionRows::Upgrade(RevisionIndex revision) {
  const std::vector<RevisionIndex>& parents = graph_.at(revision).all_parents;
  std::vector<RevisionIndex> replaced;
  for (const RevisionIndex parent : parents) {
    if (Has(parent)) replaced.push_back(parent);
  }
  if (replaced.empty()) {
    Insert(revision);
    return Taken();
  }
  if (replaced.size() == 1) {
    Update(replaced[0], revision);
    return Taken();
  }
  replaced = Uncovered(replaced, replaced);
  if (replaced.empty())
    throw Contradiction("no row of the version table leads to '" + graph_.at(revision).id() + "'");
  return Merge(replaced, revision);
}

std::vector<VersionChange> VersionRows::Downgrade(RevisionIndex revision) {
  std::vector<RevisionIndex> uncovered = Uncovered(graph_.at(revision).all_parents, {revision});
  if (uncovered.empty()) {
    Delete(revision);
    return Taken();
  }
  for (size_t i = 0; i + 1 < uncovered.size(); ++i) Insert(uncovered[i]);
  Update(revision, uncovered.back());
  return Taken();
}

std::vector<VersionChange> VersionRows::StampUp(const std::vector<RevisionIndex>& from, RevisionIndex to) {
  const bool has_gone = std::any_of(from.begin(), from.end(), [&](RevisionIndex head) { return !Has(head); });
  if ((from.empty() || has_gone) && !Has(to)) {
    Insert(to);
    return Taken();
  }
  return Merge(from, to);
}

std::vector<VersionChange> VersionRows::StampDown(const std::vector<RevisionIndex>& from, RevisionIndex to) {
  return Merge(from, to);
}

std::vector<VersionChange> VersionRows::StampRemoved(RevisionIndex head) {
  Delete(head);
  return Taken();
}

std::vector<VersionChange> VersionRows::Merge(const std::vector<RevisionIndex>& from, RevisionIndex to) {
  if (from.empty()) throw Contradiction("no row of the version table leads to '" + graph_.at(to).id() + "'");
  for (size_t i = 0; i + 1 < from.size(); ++i) Delete(from[i]);
  Update(from.back(), to);
  return Taken();
}

std::vector<RevisionIndex> VersionRows::Uncovered(const std::vector<RevisionIndex>& candidates,
                                                  const std::vector<RevisionIndex>& leaving) const {
  std::vector<RevisionIndex> above;
  for (const RevisionIndex head : heads_) {
    if (std::find(leaving.begin(), leaving.end(), head) == leaving.end()) above.push_back(head);
  }
  RevisionSet covered = AncestorsOf(graph_, above, Follow::kVersionsAndDependencies);
  for (const RevisionIndex candidate : candidates) {
    covered.Insert(AncestorsOf(graph_, graph_.at(candidate).all_parents, Follow::kVersionsAndDependencies));
  }
  std::vector<RevisionIndex> uncovered;
  for (const RevisionIndex candidate : candidates) {
    if (!covered.Contains(candidate)) uncovered.push_back(candidate);
  }
  return uncovered;
}

void VersionRows::Insert(RevisionIndex to) {
  const std::string& id = graph_.at(to).id();
  if (!heads_.insert(to).second) throw Contradiction("the version table has '" + id + "' already");
  changes_.push_back({VersionChange::Kind::kInsert, "", id});
}

void VersionRows::Delete(RevisionIndex from) {
  const std::string& id = graph_.at(from).id();
  if (heads_.erase(from) == 0) throw Contradiction("the version table has no row '" + id + "' to delete");
  changes_.push_back({VersionChange::Kind::kDelete, id, ""});
}

void VersionRows::Update(RevisionIndex from, RevisionIndex to) {
  const std::string& old_id = graph_.at(from).id();
  const std::string& new_id = graph_.at(to).id();
  if (Has(to)) throw Contradiction("the version table has '" + new_id + "' already");
  if (heads_.erase(from) == 0)
    throw Contradiction("the version table has no row '" + old_id + "' to replace");
  heads_.insert(to);
  changes_.push_back({VersionChange::Kind::kUpdate, old_id, new_id});
}

std::vector<std::string> VersionRows::Ids() const {
  return graph_.Ids({heads_.begin(), heads_.end()});
}

}  // namespace memstack::revision
