#include "revision/range.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "revision/near_ids.h"
#include "revision/traversal.h"

namespace memstack::revision {
namespace {

std::vector<RevisionIndex> OnlyRevisions(const std::vector<Position>& positions) {
  std::vector<RevisionIndex> revisions;
  for (const Position& position : positions) {
    if (!position.is_revision()) {
      throw Error(ErrorCode::kTarget, "the target leads below the first revision")
          .Hint("say 'base' if all is to be taken down");
    }
    revisions.push_back(position.index);
  }
  return revisions;
}

void RefuseOverlap(const Graph& graph, const std::vector<RevisionIndex>& revisions) {
  if (const std::optional<Overlap> overlap = FindOverlap(graph, revisions)) {
    throw Error(ErrorCode::kTarget,
                fmt::format("the requested revision '{}' overlaps with the requested revision '{}' below it",
                            graph.at(overlap->upper).id(), graph.at(overlap->lower).id()))
        .Hint("leave '" + graph.at(overlap->lower).id() + "' away: it is included");
  }
}

RevisionSet CheckedAncestors(const Graph& graph, const std::vector<RevisionIndex>& revisions) {
  RefuseOverlap(graph, revisions);
  return AncestorsOf(graph, revisions, Follow::kVersionsAndDependencies);
}

// "branch@..." as the lower end: only what is on that branch is meant by the upper one. An id in its place
// stands for its one branch.
void KeepBranchOf(const Graph& graph, const RangeEnd& lower, std::vector<RevisionIndex>& targets) {
  const auto* text = std::get_if<std::string>(&lower);
  if (text == nullptr || text->find('@') == std::string::npos) return;
  std::string branch = text->substr(0, text->find('@'));
  const std::optional<RevisionIndex> revision = TargetResolver(graph).ResolveOne(branch);
  if (revision && graph.at(*revision).id() == branch) {
    const std::vector<std::string>& labels = graph.at(*revision).branch_labels;
    if (labels.size() != 1) {
      throw Error(ErrorCode::kTarget,
                  fmt::format("revision '{}' is on {} named branches, not on one", branch, labels.size()))
          .Hint("name the branch by its label");
    }
    branch = labels[0];
  }
  std::erase_if(targets, [&](RevisionIndex target) { return !graph.at(target).HasBranchLabel(branch); });
}

std::vector<RevisionIndex> ChildrenOf(const Graph& graph, const Position& position) {
  return position.is_revision() ? graph.at(position.index).children : graph.bases();
}

// The revisions right above the target, of one branch if one was named.
std::vector<RevisionIndex> DowngradeRoots(const Graph& graph, const TargetResolver::DowngradeTarget& target) {
  std::vector<RevisionIndex> roots = ChildrenOf(graph, target.position);
  // Alembic looks at the branch only if there is a choice, and a base with a label counts twice for it.
  size_t choices = roots.size();
  if (!target.position.is_revision()) {
    for (const RevisionIndex root : roots) choices += graph.at(root).header.branch_labels.size();
  }
  if (!target.branch || choices <= 1) return roots;
  const RevisionIndex tip = TargetResolver(graph).ResolveBranch(*target.branch);
  const RevisionSet on_branch = AncestorsOf(graph, {&tip, 1}, Follow::kVersions);
  std::erase_if(roots, [&](RevisionIndex root) { return !on_branch.Contains(root); });
  if (roots.empty()) {
    throw Error(ErrorCode::kTarget,
                fmt::format("the branch '{}' does not lead up from the downgrade target", *target.branch))
        .Hint("name a revision below the branch, or another branch");
  }
  return roots;
}

Error NotAnAncestor(std::string_view what) {
  return Error(ErrorCode::kTarget, fmt::format("the range does not lie along one branch: {}", what))
      .Hint("see: memstack-migrate history");
}

// The lower end of a history, resolved; `text` is what stands for it where it is to be included.
struct LowerEnd {
  std::vector<RevisionIndex> revisions;
  RangeEnd text;
};

LowerEnd ResolveLowerEnd(const Graph& graph, const RangeEnd& base, const RangeEnd& head,
                         const RevisionSet& required) {
  const TargetResolver resolver(graph);
  const std::vector<Position> positions = resolver.ResolveEnd(base);
  for (const Position& position : positions) {
    if (position.kind == Position::Kind::kBase ||
        (position.is_revision() && !required.Contains(position.index))) {
      throw NotAnAncestor("its lower end is not below its upper end");
    }
  }
  if (positions.empty() || positions[0].kind != Position::Kind::kNone)
    return {OnlyRevisions(positions), base};
  // A negative number walked further down than the history goes: stop at its end instead.
  const auto* text = std::get_if<std::string>(&base);
  if (text == nullptr) throw NotAnAncestor("its lower end is below the first revision");
  const Position stop = resolver.ResolveDowngradeTarget(head, *text, true).position;
  if (!stop.is_revision()) return {{}, std::vector<std::string>()};
  return {{stop.index}, graph.at(stop.index).id()};
}

}  // namespace

std::vector<RevisionIndex> UpgradeRange(const Graph& graph, const std::vector<std::string>& current,
                                        const RangeEnd& target) {
  const TargetResolver resolver(graph);
  const std::vector<RevisionIndex> targets = OnlyRevisions(resolver.ResolveUpgradeTarget(current, target));
  RevisionSet needs = CheckedAncestors(graph, targets);
  needs.Erase(CheckedAncestors(graph, OnlyRevisions(resolver.ResolveEnd(current))));
  return SortNewestFirst(graph, needs, targets);
}

DowngradeResult DowngradeRange(const Graph& graph, const std::vector<std::string>& current,
                               std::string_view target) {
  const TargetResolver resolver(graph);
  const TargetResolver::DowngradeTarget end = resolver.ResolveDowngradeTarget(current, target);
  const std::vector<RevisionIndex> roots = DowngradeRoots(graph, end);
  const std::vector<RevisionIndex> heads = OnlyRevisions(resolver.ResolveEnd(current));
  RevisionSet drop = DescendantsOf(graph, roots, Follow::kVersionsAndDependencies);
  drop.KeepOnly(AncestorsOf(graph, heads, Follow::kVersionsAndDependencies));
  const bool stands_there =
      end.position.is_revision() && std::find(heads.begin(), heads.end(), end.position.index) != heads.end();
  if (end.position.is_revision() && drop.IsEmpty() && !stands_there) {
    throw Error(ErrorCode::kTarget, fmt::format("'{}' is not below the database's revision {}", target,
                                                current.empty() ? "(base)" : Quoted(current)))
        .Hint("see: memstack-migrate history --indicate-current");
  }
  return {SortNewestFirst(graph, drop, heads), end.warning};
}

std::vector<RevisionIndex> HistoryRange(const Graph& graph, const RangeEnd& base, const RangeEnd& head) {
  const TargetResolver resolver(graph);
  std::vector<RevisionIndex> targets =
      OnlyRevisions(resolver.ResolveUpgradeTarget(base, head, /*stop_at_end=*/true));
  KeepBranchOf(graph, base, targets);
  const RevisionSet required = CheckedAncestors(graph, targets);
  const LowerEnd lower = ResolveLowerEnd(graph, base, head, required);
  RevisionSet needs = required;
  needs.Erase(CheckedAncestors(graph, lower.revisions));
  for (const RevisionIndex index : OnlyRevisions(resolver.ResolveEnd(lower.text))) needs.Insert(index);
  if (!lower.revisions.empty()) needs.KeepOnly(DescendantsOf(graph, lower.revisions, Follow::kVersions));
  return SortNewestFirst(graph, needs, targets);
}

}  // namespace memstack::revision
