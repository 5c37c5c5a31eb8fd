// Relative targets: "+2", "-1", "<branch>@<symbol>+1", and where they start from.
#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "revision/near_ids.h"
#include "revision/target.h"

namespace memstack::revision {
namespace {

// As \w of Python, for which letters outside ASCII count, too.
bool IsWordCharacter(char c) {
  return IsAsciiWord(c) || static_cast<unsigned char>(c) >= 0x80;
}

// "(\w+)?((\+|-)\d+)" at the beginning of `text`.
std::optional<RelativeTarget> ParseSymbolAndSteps(std::string_view text) {
  constexpr int kFar = 1'000'000;  // further than any history is long
  size_t at = 0;
  while (at < text.size() && IsWordCharacter(text[at])) ++at;
  RelativeTarget target;
  if (at > 0) target.symbol = std::string(text.substr(0, at));
  const size_t sign = at;
  if (at == text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  for (++at; at < text.size() && IsAsciiDigit(text[at]); ++at) {
    target.steps = std::min(target.steps * 10 + (text[at] - '0'), kFar);
  }
  if (at == sign + 1) return std::nullopt;
  if (text[sign] == '-') target.steps = -target.steps;
  target.steps_text = std::string(text.substr(sign, at - sign));
  return target;
}

std::vector<std::string> Texts(const RangeEnd& end) {
  if (const auto* text = std::get_if<std::string>(&end)) return {*text};
  return std::get<std::vector<std::string>>(end);
}

std::vector<RevisionIndex> RevisionsAt(const std::vector<Position>& positions) {
  std::vector<RevisionIndex> revisions;
  for (const Position& position : positions) {
    if (!position.is_revision())
      throw Error(ErrorCode::kTarget, "a relative target leads below the first revision");
    revisions.push_back(position.index);
  }
  return revisions;
}

Error TooFar(const RelativeTarget& target) {
  return Error(ErrorCode::kTarget, fmt::format("there are no {} revisions to walk in the direction of '{}'",
                                               std::abs(target.steps), target.steps_text))
      .Hint("see: memstack-migrate history --indicate-current");
}

}  // namespace

// "(?:(.+?)@)?(\w+)?((\+|-)\d+)", matched at the beginning: the shortest branch that lets the rest match.
std::optional<RelativeTarget> ParseRelativeTarget(std::string_view text) {
  const size_t line = std::min(text.find('\n'), text.size());
  for (size_t at = text.find('@', 1); at < line; at = text.find('@', at + 1)) {
    std::optional<RelativeTarget> target = ParseSymbolAndSteps(text.substr(at + 1));
    if (!target) continue;
    target->branch = std::string(text.substr(0, at));
    return target;
  }
  return ParseSymbolAndSteps(text);
}

std::optional<Position> TargetResolver::Walk(Position start, int steps,
                                             const std::optional<std::string>& branch,
                                             bool stop_at_end) const {
  using Kind = Position::Kind;
  Position here = start;
  for (int step = 0; step < std::abs(steps); ++step) {
    std::vector<RevisionIndex> next;
    if (steps > 0) {
      next = here.is_revision() ? graph_.at(here.index).children : graph_.bases();
      if (branch) next = FilterForLineage(next, *branch);
    } else if (here.kind != Kind::kBase) {
      next = here.is_revision() ? graph_.at(here.index).parents : graph_.heads();
      if (next.empty()) {
        here = {Kind::kBase, 0};
        continue;
      }
    }
    if (next.empty()) return stop_at_end ? std::optional(here) : std::nullopt;
    if (next.size() > 1) {
      throw Error(ErrorCode::kTarget, fmt::format("the way {} is ambiguous: it leads to {}",
                                                  steps > 0 ? "up" : "down", Quoted(graph_.Ids(next))))
          .Hint("name the revision, or the branch: <branch>@+1");
    }
    here = Position::At(next[0]);
  }
  return here;
}

Position TargetResolver::ResolveStart(std::string_view text) const {
  const std::optional<RevisionIndex> start = ResolveOne(text);
  return start ? Position::At(*start) : Position{};
}

// REQUIRES: target.symbol. A walk down from "<branch>@<symbol>" checks that the symbol is on the branch.
std::optional<Position> TargetResolver::WalkFromSymbol(const RelativeTarget& target, bool stop_at_end) const {
  if (target.steps > 0) return Walk(ResolveStart(*target.symbol), target.steps, target.branch, stop_at_end);
  const std::string start = target.branch ? *target.branch + "@" + *target.symbol : *target.symbol;
  return Walk(ResolveStart(start), target.steps, std::nullopt, stop_at_end);
}

std::vector<Position> TargetResolver::ResolveUpgradeTarget(const RangeEnd& current, const RangeEnd& target,
                                                           bool stop_at_end) const {
  const auto* text = std::get_if<std::string>(&target);
  const std::optional<RelativeTarget> relative = text != nullptr ? ParseRelativeTarget(*text) : std::nullopt;
  if (!relative) return ResolveEnd(target);
  std::optional<Position> end;
  if (relative->symbol) {
    end = WalkFromSymbol(*relative, stop_at_end);
  } else if (relative->steps > 0) {
    const std::vector<Position> starts = UpgradeStarts(*relative, current);
    if (starts.size() > 1) {
      throw Error(ErrorCode::kTarget,
                  fmt::format("'{}' is ambiguous: the database stands at several revisions", *text))
          .Hint("name the branch, '<branch>@" + relative->steps_text + "', or say 'heads'");
    }
    end = Walk(starts[0], relative->steps, relative->branch, stop_at_end);
  }
  if (!end) throw TooFar(*relative);
  return {*end};
}

// Never empty. Where the branch is no head of its own any more, or not yet, the start is its highest revision
// below where the database stands, else the base.
std::vector<Position> TargetResolver::UpgradeStarts(const RelativeTarget& target,
                                                    const RangeEnd& current) const {
  std::vector<Position> starts;
  if (!target.branch) {
    const std::vector<std::string> texts = Texts(current);
    if (texts.size() > 1) return std::vector<Position>(texts.size());
    for (const std::string& text : texts) starts.push_back(ResolveStart(text));
  } else {
    const std::vector<RevisionIndex> revisions = RevisionsAt(ResolveEnd(Texts(current)));
    std::vector<RevisionIndex> on_branch = FilterForLineage(revisions, *target.branch);
    if (on_branch.empty()) on_branch = TipsOnBranch(revisions, *target.branch);
    for (const RevisionIndex revision : on_branch) starts.push_back(Position::At(revision));
  }
  if (starts.empty()) starts.emplace_back();
  return starts;
}

std::vector<RevisionIndex> TargetResolver::TipsOnBranch(const std::vector<RevisionIndex>& current,
                                                        std::string_view branch) const {
  const RevisionSet applied = AncestorsOf(graph_, current, Follow::kVersionsAndDependencies);
  std::vector<RevisionIndex> tips = FilterForLineage(applied.Members(), branch);
  const std::vector<RevisionIndex> active = tips;
  for (const RevisionIndex revision : active) {
    for (const RevisionIndex parent : graph_.at(revision).all_parents) std::erase(tips, parent);
  }
  return tips;
}

TargetResolver::DowngradeTarget TargetResolver::ResolveDowngradeTarget(const RangeEnd& current,
                                                                       std::string_view target,
                                                                       bool stop_at_end) const {
  std::optional<RelativeTarget> relative = ParseRelativeTarget(target);
  if (!relative) {
    DowngradeTarget absolute;
    const size_t at = target.rfind('@');
    if (at != std::string_view::npos && at > 0) absolute.branch = std::string(target.substr(0, at));
    absolute.position = ResolveStart(at == std::string_view::npos ? target : target.substr(at + 1));
    return absolute;
  }
  DowngradeTarget result;
  if (!relative->symbol) {
    const std::vector<std::string> texts = Texts(current);
    // A database can only be taken down by a step down, and only from where something is applied.
    if (relative->steps_text[0] == '+' || relative->steps == 0 || texts.empty()) throw TooFar(*relative);
    if (relative->branch) {
      relative->symbol = DowngradeStartOnBranch(current, *relative->branch);
    } else {
      if (std::any_of(texts.begin(), texts.end(),
                      [&](const std::string& text) { return text != texts[0]; })) {
        result.warning =
            "downgrade -1 from multiple heads is ambiguous; this usage will be disallowed in a future "
            "release.";
      }
      relative->symbol = texts[0];
      relative->branch = texts[0];
    }
  }
  result.branch = relative->branch;
  const std::optional<Position> end =
      relative->steps == 0 ? ResolveStart(*relative->symbol) : WalkFromSymbol(*relative, stop_at_end);
  if (!end || end->kind == Position::Kind::kNone) throw TooFar(*relative);
  result.position = *end;
  return result;
}

// The one applied revision on the branch that nothing else applied on it stands on.
std::string TargetResolver::DowngradeStartOnBranch(const RangeEnd& current, const std::string& branch) const {
  const std::vector<RevisionIndex> revisions = RevisionsAt(ResolveEnd(Texts(current)));
  std::vector<RevisionIndex> starts = FilterForLineage(revisions, branch);
  if (starts.empty()) {
    const RevisionSet applied = AncestorsOf(graph_, revisions, Follow::kVersionsAndDependencies);
    std::vector<RevisionIndex> tops;
    for (const RevisionIndex revision : applied.Members()) {
      RevisionSet above = DescendantsOf(graph_, {&revision, 1}, Follow::kVersions);
      above.Erase(revision);
      above.KeepOnly(applied);
      if (above.IsEmpty()) tops.push_back(revision);
    }
    starts = FilterForLineage(tops, branch);
  }
  if (starts.size() == 1) return graph_.at(starts[0]).id();
  throw Error(ErrorCode::kTarget,
              starts.empty() ? fmt::format("nothing of the branch '{}' is applied", branch)
                             : fmt::format("the database stands at several revisions of the branch '{}': {}",
                                           branch, Quoted(graph_.Ids(starts))))
      .Hint("name the revision to go down to");
}

}  // namespace memstack::revision
