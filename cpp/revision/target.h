// What a user types for a revision, resolved: the same answers and refusals as Alembic's RevisionMap.
//
//   head heads base          <id> <beginning of an id> <branch label>
//   <label>@head <label>@heads <label>@base <label>@<id> <id>@head
//   +2 -1 <id>+2 <id>-1 head-1 <label>@+1 <label>@-1 <label>@<id>+1       (relative)
//
// Relative ones need to know where the database stands and mean different things up and down: see
// ResolveUpgradeTarget and ResolveDowngradeTarget. All failures are Error(kTarget): unknown (with near ids),
// ambiguous (with the candidates), several heads where one was asked for (with the heads).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "revision/graph.h"
#include "revision/traversal.h"

namespace memstack::revision {

// Where a walk ends: at a revision, or below all of them.
struct Position {
  enum class Kind { kNone, kBase, kRevision };
  Kind kind = Kind::kNone;  // kNone: what "base" resolves to; kBase: a walk came down to it
  RevisionIndex index = 0;

  static Position At(RevisionIndex revision) { return {Kind::kRevision, revision}; }
  bool is_revision() const { return kind == Kind::kRevision; }
  friend bool operator==(const Position&, const Position&) = default;
};

// One end of a range: a text that a user typed, or a list of ids (of the version table, or typed one by one).
using RangeEnd = std::variant<std::string, std::vector<std::string>>;

// The texts and relative parts that "<branch>@<symbol><+n>" consists of.
struct RelativeTarget {
  std::optional<std::string> branch;
  std::optional<std::string> symbol;
  std::string steps_text;  // "+2", as typed
  int steps = 0;
};
// nullopt if `text` is not relative. Like Alembic it looks at the beginning only: "ab+1x" is "ab+1".
std::optional<RelativeTarget> ParseRelativeTarget(std::string_view text);

// Stateless but for the graph, which must outlive it; share freely.
class TargetResolver {
 public:
  explicit TargetResolver(const Graph& graph) : graph_(graph) {}

  // `show`, `history`, `stamp`: any number of revisions; "base" gives none. A negative number walks down from
  // the heads.
  std::vector<Position> Resolve(std::string_view text) const;
  std::vector<Position> ResolveEnd(const RangeEnd& end) const;

  // One revision; nullopt for "base", and for "head" where there are none.
  std::optional<RevisionIndex> ResolveOne(std::string_view text) const;

  // `upgrade <target>` from `current`. Every position is a revision unless a walk ended elsewhere.
  // With `stop_at_end`, a walk past the end of the history ends there instead of failing.
  std::vector<Position> ResolveUpgradeTarget(const RangeEnd& current, const RangeEnd& target,
                                             bool stop_at_end = false) const;

  // `downgrade <target>` from `current`.
  struct DowngradeTarget {
    std::optional<std::string> branch;  // only this branch is meant
    Position position;                  // kNone or kBase: to the base
    std::string warning;                // Alembic's, where the answer depends on the order of `current`
  };
  DowngradeTarget ResolveDowngradeTarget(const RangeEnd& current, std::string_view target,
                                         bool stop_at_end = false) const;

  // The revision that `label` (a branch label or an id, perhaps partial) stands for.
  RevisionIndex ResolveBranch(std::string_view label) const;

  // Those of `revisions` that are above or below what `text` ("label", "id", "label@id", "heads") stands for;
  // all of them if it stands for nothing ("base").
  std::vector<RevisionIndex> FilterForLineage(const std::vector<RevisionIndex>& revisions,
                                              std::string_view text, Follow follow = Follow::kVersions) const;

 private:
  // A text cut at "@", with head, heads and base replaced.
  struct Names {
    std::vector<std::string> ids;
    std::optional<std::string> branch;
  };
  Names ResolveNames(std::string_view text) const;
  std::optional<std::string> CurrentHead(const std::optional<std::string>& branch) const;
  RevisionIndex FindByName(std::string_view name, const std::optional<std::string>& branch) const;
  RevisionIndex FindByBeginning(std::string_view beginning, const std::optional<std::string>& branch) const;
  bool SharesLineage(RevisionIndex revision, const std::vector<std::string>& names, Follow follow) const;
  std::vector<Position> WalkFromHeads(const Names& names, int steps) const;

  // RevisionMap._walk: nullopt is "walked too far".
  std::optional<Position> Walk(Position start, int steps, const std::optional<std::string>& branch,
                               bool stop_at_end) const;
  std::optional<std::vector<RevisionIndex>> StepUp(Position from,
                                                   const std::optional<std::string>& branch) const;
  std::optional<Position> WalkFromSymbol(const RelativeTarget& target, bool stop_at_end) const;
  Position ResolveStart(std::string_view text) const;

  std::vector<Position> UpgradeStarts(const RelativeTarget& target, const RangeEnd& current) const;
  std::vector<RevisionIndex> TipsOnBranch(const std::vector<RevisionIndex>& current,
                                          std::string_view branch) const;
  std::string DowngradeStartOnBranch(const RangeEnd& current, const std::string& branch) const;

  const Graph& graph_;
};

}  // namespace memstack::revision
