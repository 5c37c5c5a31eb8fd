#include "revision/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "revision/near_ids.h"
#include "revision/range.h"
#include "revision/traversal.h"

namespace memstack::revision {
namespace {

std::string AheadHint(const std::vector<std::string>& near) {
  const std::string question = DidYouMean(near, "");
  return (question.empty() ? "" : question + " otherwise ") +
         "the database may be ahead of this code: deploy the code that has the revision";
}

// The rows must be whole ids of files: nothing that a user might type, such as the beginning of one.
std::vector<RevisionIndex> FindRows(const Graph& graph, const std::vector<std::string>& ids) {
  std::vector<RevisionIndex> rows;
  for (const std::string& id : ids) {
    const std::optional<RevisionIndex> row = graph.FindId(id);
    if (!row) {
      throw Error(ErrorCode::kVersionTable,
                  fmt::format("the database is at revision '{}', which no file has", id))
          .Revision(id)
          .Hint(AheadHint(graph.NearIds(id)));
    }
    if (std::find(rows.begin(), rows.end(), *row) == rows.end()) rows.push_back(*row);
  }
  return rows;
}

void RefuseOverlappingRows(const Graph& graph, const std::vector<RevisionIndex>& rows) {
  const std::optional<Overlap> overlap = FindOverlap(graph, rows);
  if (!overlap) return;
  const std::string& upper = graph.at(overlap->upper).id();
  const std::string& lower = graph.at(overlap->lower).id();
  throw Error(ErrorCode::kVersionTable,
              fmt::format("the version table has '{}' and also '{}', on which it stands", upper, lower))
      .Revision(lower)
      .Hint("if '" + upper + "' is applied, delete the row '" + lower + "'");
}

std::string LogText(std::string_view verb, const std::vector<std::string>& from,
                    const std::vector<std::string>& to) {
  return fmt::format("{} {} -> {}", verb, fmt::join(from, ", "), fmt::join(to, ", "));
}

Step MakeStep(const Graph& graph, Direction direction, RevisionIndex index, VersionRows& rows) {
  const Revision& revision = graph.at(index);
  const std::vector<std::string> parents = graph.Ids(revision.parents);
  Step step;
  step.direction = direction;
  step.is_upgrade = direction == Direction::kUpgrade;
  step.revision = &revision;
  step.up_revisions = {revision.id()};
  step.down_revisions = graph.Ids(revision.all_parents);
  step.changes = step.is_upgrade ? rows.Upgrade(index) : rows.Downgrade(index);
  step.heads_after = rows.Ids();
  step.short_log = step.is_upgrade ? LogText("upgrade", parents, {revision.id()})
                                   : LogText("downgrade", {revision.id()}, parents);
  step.log = step.short_log;
  if (!revision.header.message.empty()) step.log += ", " + revision.header.message;
  return step;
}

Plan MakePlan(const Graph& graph, Direction direction, const std::vector<RevisionIndex>& order,
              VersionRows rows) {
  Plan plan;
  for (const RevisionIndex index : order) plan.steps.push_back(MakeStep(graph, direction, index, rows));
  plan.heads_after = rows.Ids();
  return plan;
}

// ScriptDirectory._stamp_revs.
class StampPlanner {
 public:
  StampPlanner(const Graph& graph, const std::vector<RevisionIndex>& heads)
      : graph_(graph), heads_(heads), rows_(graph, heads) {}

  Plan Run(const std::vector<std::string>& targets) {
    const TargetResolver resolver(graph_);
    for (const std::string& target : targets) {
      for (const RevisionIndex head :
           resolver.FilterForLineage(heads_, target, Follow::kVersionsAndDependencies)) {
        if (!IsAffected(head)) affected_.push_back(head);
      }
    }
    const std::vector<Position> ends = resolver.ResolveEnd(targets);
    if (ends.empty()) RemoveAffected();
    for (const Position& end : ends) {
      if (end.kind == Position::Kind::kBase)
        throw Error(ErrorCode::kTarget, "the target is below the first revision");
      if (end.is_revision()) {
        MoveTo(end.index);
      } else {
        RemoveAffected();
      }
    }
    plan_.heads_after = rows_.Ids();
    return std::move(plan_);
  }

 private:
  bool IsAffected(RevisionIndex head) const {
    return std::find(affected_.begin(), affected_.end(), head) != affected_.end();
  }

  void RemoveAffected() {
    for (const RevisionIndex head : affected_)
      Add({head}, {}, /*is_upgrade=*/false, rows_.StampRemoved(head));
  }

  void MoveTo(RevisionIndex end) {
    if (IsAffected(end)) return;
    const auto follow = Follow::kVersionsAndDependencies;
    const bool is_below = DescendantsOf(graph_, {&end, 1}, follow).ContainsAnyOf(affected_);
    const bool is_above = AncestorsOf(graph_, {&end, 1}, follow).ContainsAnyOf(affected_);
    if (is_below && is_above) {
      throw Error(ErrorCode::kTarget,
                  fmt::format("'{}' lies between rows of the version table", graph_.at(end).id()))
          .Hint("use stamp --purge to set the version table anew");
    }
    if (is_below) {
      Add(affected_, {end}, /*is_upgrade=*/false, rows_.StampDown(affected_, end));
    } else if (is_above) {
      Add(affected_, {end}, /*is_upgrade=*/true, rows_.StampUp(affected_, end));
    } else {
      Add({}, {end}, /*is_upgrade=*/true, rows_.StampUp({}, end));
    }
  }

  void Add(const std::vector<RevisionIndex>& from, const std::vector<RevisionIndex>& to, bool is_upgrade,
           std::vector<VersionChange> changes) {
    Step step;
    step.direction = Direction::kStamp;
    step.is_upgrade = is_upgrade;
    step.revision = nullptr;
    step.up_revisions = graph_.Ids(is_upgrade ? to : from);
    step.down_revisions = graph_.Ids(is_upgrade ? from : to);
    step.changes = std::move(changes);
    step.heads_after = rows_.Ids();
    step.short_log = LogText("stamp_revision", graph_.Ids(from), graph_.Ids(to));
    step.log = step.short_log;
    plan_.steps.push_back(std::move(step));
  }

  const Graph& graph_;
  const std::vector<RevisionIndex> heads_;
  VersionRows rows_;
  std::vector<RevisionIndex> affected_;  // the rows that share a branch with a target
  Plan plan_;
};

}  // namespace

Plan PlanUpgrade(const Graph& graph, const std::vector<std::string>& current_heads,
                 const std::vector<std::string>& targets) {
  const std::vector<RevisionIndex> rows = FindRows(graph, current_heads);
  RefuseOverlappingRows(graph, rows);
  const RangeEnd target = targets.size() == 1 ? RangeEnd(targets[0]) : RangeEnd(targets);
  std::vector<RevisionIndex> order = UpgradeRange(graph, graph.Ids(rows), target);
  std::reverse(order.begin(), order.end());
  return MakePlan(graph, Direction::kUpgrade, order, VersionRows(graph, rows));
}

Plan PlanDowngrade(const Graph& graph, const std::vector<std::string>& current_heads,
                   const std::string& target) {
  const std::vector<RevisionIndex> rows = FindRows(graph, current_heads);
  const DowngradeResult down = DowngradeRange(graph, graph.Ids(rows), target);
  Plan plan = MakePlan(graph, Direction::kDowngrade, down.revisions, VersionRows(graph, rows));
  if (!down.warning.empty()) plan.warnings.push_back(down.warning);
  return plan;
}

Plan PlanStamp(const Graph& graph, const std::vector<std::string>& current_heads,
               const std::vector<std::string>& targets) {
  return StampPlanner(graph, FindRows(graph, current_heads))
      .Run(targets.empty() ? std::vector<std::string>{"base"} : targets);
}

}  // namespace memstack::revision
