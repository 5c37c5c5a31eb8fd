#include "revision/traversal.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"

namespace memstack::revision {
namespace {

RevisionSet Reach(const Graph& graph, std::span<const RevisionIndex> start,
                  const std::vector<RevisionIndex> Revision::*links) {
  RevisionSet seen(graph);
  std::vector<RevisionIndex> todo;
  const auto add = [&](RevisionIndex index) {
    if (seen.Contains(index)) return;
    seen.Insert(index);
    todo.push_back(index);
  };
  for (const RevisionIndex index : start) add(index);
  while (!todo.empty()) {
    const RevisionIndex next = todo.back();
    todo.pop_back();
    for (const RevisionIndex index : graph.at(next).*links) add(index);
  }
  return seen;
}

// RevisionMap._topological_sort: several walkers, each with the ancestors of where it stands. The current one
// goes on unless another walker has still to come past it from above.
class Sorter {
 public:
  Sorter(const Graph& graph, const RevisionSet& revisions, std::span<const RevisionIndex> heads)
      : graph_(graph), todo_(revisions) {
    for (RevisionIndex index = 0; index < graph.size(); ++index) {
      if (todo_.Contains(index) && std::find(heads.begin(), heads.end(), index) != heads.end()) Start(index);
    }
  }

  std::vector<RevisionIndex> Run() {
    while (!walkers_.empty()) {
      const RevisionIndex candidate = walkers_[current_].at;
      if (const std::optional<size_t> blocker = WalkerAbove(candidate)) {
        current_ = *blocker;
        continue;
      }
      if (todo_.Contains(candidate)) {
        output_.push_back(candidate);
        todo_.Erase(candidate);
      }
      MoveDown(candidate);
    }
    if (!todo_.IsEmpty()) {
      throw Error(ErrorCode::kTarget, "the range holds revisions that its upper end does not lead to")
          .Hint("name both ends on one branch, or take the whole history");
    }
    return std::move(output_);
  }

 private:
  struct Walker {
    RevisionIndex at;
    RevisionSet ancestors;
  };

  void Start(RevisionIndex index) {
    walkers_.push_back({index, AncestorsOf(graph_, {&index, 1}, Follow::kVersionsAndDependencies)});
  }

  std::optional<size_t> WalkerAbove(RevisionIndex candidate) const {
    for (size_t i = 0; i < walkers_.size(); ++i) {
      if (i != current_ && walkers_[i].ancestors.Contains(candidate)) return i;
    }
    return std::nullopt;
  }

  bool HasWalkerAt(RevisionIndex index) const {
    return std::any_of(walkers_.begin(), walkers_.end(),
                       [&](const Walker& walker) { return walker.at == index; });
  }

  void MoveDown(RevisionIndex candidate) {
    const Revision& revision = graph_.at(candidate);
    std::vector<RevisionIndex> next;
    for (const RevisionIndex parent : revision.all_parents) {
      if (todo_.Contains(parent) && !HasWalkerAt(parent)) next.push_back(parent);
    }
    const auto here = walkers_.begin() + static_cast<std::ptrdiff_t>(current_);
    if (next.empty()) {
      walkers_.erase(here);
      current_ = current_ == 0 ? 0 : current_ - 1;
    } else if (revision.own_dependencies.empty() && revision.parents.size() == 1) {
      // On a plain line the ancestors of the next are those of the last without it.
      here->at = next[0];
      here->ancestors.Erase(candidate);
    } else {
      *here = {next[0], AncestorsOf(graph_, {next.data(), 1}, Follow::kVersionsAndDependencies)};
      for (size_t i = 1; i < next.size(); ++i) Start(next[i]);
    }
  }

  const Graph& graph_;
  RevisionSet todo_;
  std::vector<Walker> walkers_;
  size_t current_ = 0;
  std::vector<RevisionIndex> output_;
};

}  // namespace

bool RevisionSet::IsEmpty() const {
  return std::find(members_.begin(), members_.end(), true) == members_.end();
}

bool RevisionSet::ContainsAnyOf(std::span<const RevisionIndex> indexes) const {
  return std::any_of(indexes.begin(), indexes.end(), [&](RevisionIndex index) { return members_[index]; });
}

void RevisionSet::KeepOnly(const RevisionSet& other) {
  for (size_t i = 0; i < members_.size(); ++i) members_[i] = members_[i] && other.members_[i];
}

void RevisionSet::Insert(const RevisionSet& other) {
  for (size_t i = 0; i < members_.size(); ++i) members_[i] = members_[i] || other.members_[i];
}

void RevisionSet::Erase(const RevisionSet& other) {
  for (size_t i = 0; i < members_.size(); ++i) members_[i] = members_[i] && !other.members_[i];
}

std::vector<RevisionIndex> RevisionSet::Members() const {
  std::vector<RevisionIndex> members;
  for (size_t i = 0; i < members_.size(); ++i) {
    if (members_[i]) members.push_back(i);
  }
  return members;
}

RevisionSet AncestorsOf(const Graph& graph, std::span<const RevisionIndex> start, Follow follow) {
  return Reach(graph, start, follow == Follow::kVersions ? &Revision::parents : &Revision::all_parents);
}

RevisionSet DescendantsOf(const Graph& graph, std::span<const RevisionIndex> start, Follow follow) {
  return Reach(graph, start, follow == Follow::kVersions ? &Revision::children : &Revision::all_children);
}

std::optional<Overlap> FindOverlap(const Graph& graph, std::span<const RevisionIndex> revisions) {
  for (const RevisionIndex upper : revisions) {
    const RevisionSet below = AncestorsOf(graph, {&upper, 1}, Follow::kVersionsAndDependencies);
    for (const RevisionIndex lower : revisions) {
      if (lower != upper && below.Contains(lower)) return Overlap{upper, lower};
    }
  }
  return std::nullopt;
}

std::vector<RevisionIndex> SortNewestFirst(const Graph& graph, const RevisionSet& revisions,
                                           std::span<const RevisionIndex> heads) {
  return Sorter(graph, revisions, heads).Run();
}

}  // namespace memstack::revision
