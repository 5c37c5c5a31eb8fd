// Names: texts without a relative part. Walks are in target_walk.cc.
#include "revision/target.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "revision/near_ids.h"

namespace memstack::revision {
namespace {

// An empty branch ("@head") is none.
bool IsGiven(const std::optional<std::string>& branch) {
  return branch && !branch->empty();
}

// Python's int(): white space round it, a sign, single underscores between digits. Saturates.
std::optional<int> ParseInteger(std::string_view text) {
  constexpr int kFar = 1'000'000;  // further than any history is long
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  const size_t start = std::min(text.find_first_not_of(kSpace), text.size());
  text = text.substr(start, text.find_last_not_of(kSpace) + 1 - start);
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  int value = 0;
  char last = '_';
  for (const char c : text) {
    if (IsAsciiDigit(c)) {
      value = std::min(value * 10 + (c - '0'), kFar);
    } else if (c != '_' || last == '_') {
      return std::nullopt;
    }
    last = c;
  }
  if (last == '_') return std::nullopt;
  return is_negative ? -value : value;
}

bool HasFourCharacters(std::string_view name) {
  return std::count_if(name.begin(), name.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }) > 3;
}

Error SeveralHeads(const std::vector<std::string>& heads, std::string_view text) {
  return Error(ErrorCode::kTarget, fmt::format("'{}' is one revision, but there are {} heads: {}", text,
                                               heads.size(), Quoted(heads)))
      .Hint("say 'heads' for all of them, '<branch>@head' or an id for one");
}

}  // namespace

TargetResolver::Names TargetResolver::ResolveNames(std::string_view text) const {
  Names names;
  if (const size_t at = text.find('@'); at != std::string_view::npos) {
    names.branch = std::string(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  if (text == "heads") {
    // With a branch, heads that others depend on count; without one they do not. So it is in Alembic.
    names.ids = graph_.Ids(IsGiven(names.branch) ? FilterForLineage(graph_.heads(), *names.branch)
                                                 : graph_.effective_heads());
  } else if (text == "head") {
    if (const std::optional<std::string> head = CurrentHead(names.branch)) names.ids = {*head};
  } else if (text != "base") {
    names.ids = {std::string(text)};
  }
  return names;
}

std::optional<std::string> TargetResolver::CurrentHead(const std::optional<std::string>& branch) const {
  const bool is_given = IsGiven(branch);
  const std::vector<std::string> heads =
      graph_.Ids(is_given ? FilterForLineage(graph_.heads(), *branch) : graph_.heads());
  if (heads.size() > 1) throw SeveralHeads(heads, is_given ? *branch + "@head" : "head");
  if (heads.empty()) return std::nullopt;
  return heads[0];
}

std::vector<Position> TargetResolver::Resolve(std::string_view text) const {
  const Names names = ResolveNames(text);
  if (names.ids.size() == 1) {
    const std::optional<int> steps = ParseInteger(names.ids[0]);
    if (steps && *steps < 0) return WalkFromHeads(names, *steps);
  }
  std::vector<Position> positions;
  positions.reserve(names.ids.size());
  for (const std::string& id : names.ids) positions.push_back(Position::At(FindByName(id, names.branch)));
  return positions;
}

std::vector<Position> TargetResolver::ResolveEnd(const RangeEnd& end) const {
  if (const auto* text = std::get_if<std::string>(&end)) return Resolve(*text);
  std::vector<Position> positions;
  for (const std::string& text : std::get<std::vector<std::string>>(end)) {
    const std::vector<Position> more = Resolve(text);
    positions.insert(positions.end(), more.begin(), more.end());
  }
  return positions;
}

std::vector<Position> TargetResolver::WalkFromHeads(const Names& names, int steps) const {
  std::vector<Position> positions;
  for (const RevisionIndex head : graph_.effective_heads()) {
    if (names.branch && !graph_.at(head).HasBranchLabel(*names.branch)) continue;
    positions.push_back(
        Walk(Position::At(head), steps, std::nullopt, /*stop_at_end=*/false).value_or(Position{}));
  }
  return positions;
}

std::optional<RevisionIndex> TargetResolver::ResolveOne(std::string_view text) const {
  const Names names = ResolveNames(text);
  if (names.ids.size() > 1) throw SeveralHeads(names.ids, text);
  if (!names.ids.empty()) return FindByName(names.ids[0], names.branch);
  if (IsGiven(names.branch)) ResolveBranch(*names.branch);
  return std::nullopt;
}

RevisionIndex TargetResolver::ResolveBranch(std::string_view label) const {
  if (const std::optional<RevisionIndex> found = graph_.FindName(label)) return *found;
  return FindByBeginning(label, std::nullopt);
}

RevisionIndex TargetResolver::FindByName(std::string_view name,
                                         const std::optional<std::string>& branch) const {
  std::optional<RevisionIndex> branch_revision;
  if (IsGiven(branch)) branch_revision = ResolveBranch(*branch);
  const std::optional<RevisionIndex> exact = graph_.FindName(name);
  const RevisionIndex found = exact ? *exact : FindByBeginning(name, branch);
  if (branch_revision && !SharesLineage(found, {graph_.at(*branch_revision).id()}, Follow::kVersions)) {
    throw Error(ErrorCode::kTarget,
                fmt::format("revision '{}' is not on the branch '{}'", graph_.at(found).id(), *branch))
        .Hint("leave the branch away, or name a revision that is on it");
  }
  return found;
}

// Only names of four characters and more can be shortened.
RevisionIndex TargetResolver::FindByBeginning(std::string_view beginning,
                                              const std::optional<std::string>& branch) const {
  std::vector<std::string> candidates;
  RevisionIndex found = 0;
  for (const auto& [name, index] : graph_.names()) {
    if (beginning.empty() || !name.starts_with(beginning) || !HasFourCharacters(name)) continue;
    if (IsGiven(branch) && FilterForLineage({index}, *branch).empty()) continue;
    candidates.push_back(name);
    found = index;
  }
  if (candidates.size() == 1) return found;
  if (candidates.empty()) {
    throw Error(ErrorCode::kTarget, fmt::format("no revision or branch '{}'", beginning))
        .Hint(DidYouMean(graph_.NearIds(beginning), "see: memstack-migrate history"));
  }
  constexpr size_t kMostListed = 10;
  const std::string more = candidates.size() > kMostListed ? ", ..." : "";
  const size_t count = candidates.size();
  candidates.resize(std::min(count, kMostListed));
  throw Error(ErrorCode::kTarget, fmt::format("'{}' is the beginning of {} names: {}{}", beginning, count,
                                              Quoted(candidates), more))
      .Hint("give more characters of the one that is meant");
}

std::vector<RevisionIndex> TargetResolver::FilterForLineage(const std::vector<RevisionIndex>& revisions,
                                                            std::string_view text, Follow follow) const {
  Names names = ResolveNames(text);
  std::vector<std::string> wanted = std::move(names.ids);
  if (IsGiven(names.branch)) wanted.insert(wanted.begin(), *names.branch);
  std::vector<RevisionIndex> kept;
  for (const RevisionIndex revision : revisions) {
    if (SharesLineage(revision, wanted, follow)) kept.push_back(revision);
  }
  return kept;
}

bool TargetResolver::SharesLineage(RevisionIndex revision, const std::vector<std::string>& names,
                                   Follow follow) const {
  if (names.empty()) return true;
  std::vector<RevisionIndex> wanted;
  wanted.reserve(names.size());
  for (const std::string& name : names) wanted.push_back(FindByName(name, std::nullopt));
  return DescendantsOf(graph_, {&revision, 1}, follow).ContainsAnyOf(wanted) ||
         AncestorsOf(graph_, {&revision, 1}, follow).ContainsAnyOf(wanted);
}

}  // namespace memstack::revision
