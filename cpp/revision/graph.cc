#include "revision/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "revision/cycle.h"
#include "revision/near_ids.h"
#include "revision/traversal.h"

namespace memstack::revision {
namespace {

constexpr std::string_view kIllegalCharacters = "+-:@";  // they mean something in a target

std::string Place(const std::string& file, int line) {
  if (file.empty()) return "(no file)";
  return line > 0 ? fmt::format("{}:{}", file, line) : file;
}

Error HistoryError(const Header& header, int line, const std::string& message) {
  Error error(ErrorCode::kHistory, message);
  error.Revision(header.revision);
  if (!header.file.empty()) error.At(header.file, line);
  return error;
}

void CheckId(const Header& header) {
  const std::string& id = header.revision;
  if (id.empty()) throw HistoryError(header, header.revision_line, "the revision id is empty");
  std::string illegal;
  for (const char c : kIllegalCharacters) {
    if (id.find(c) != std::string::npos) illegal += fmt::format("{}'{}'", illegal.empty() ? "" : ", ", c);
  }
  if (!illegal.empty()) {
    throw HistoryError(header, header.revision_line,
                       fmt::format("{} not allowed in the revision id '{}'", illegal, id))
        .Hint("use letters, digits and '_'");
  }
}

void AddOnce(std::vector<RevisionIndex>& indexes, RevisionIndex index) {
  if (std::find(indexes.begin(), indexes.end(), index) == indexes.end()) indexes.push_back(index);
}

}  // namespace

bool Revision::HasBranchLabel(std::string_view label) const {
  return std::binary_search(branch_labels.begin(), branch_labels.end(), label);
}

Graph::Graph(std::vector<Header> headers) {
  AddIds(std::move(headers));
  AddBranchLabels();
  LinkParents();
  LinkDependencies();
  CheckForCycles();
  ReduceDependencies();
  SpreadBranchLabels();
  CollectEnds();
}

std::optional<RevisionIndex> Graph::FindName(std::string_view id_or_label) const {
  const auto found = by_name_.find(id_or_label);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::optional<RevisionIndex> Graph::FindId(std::string_view id) const {
  const std::optional<RevisionIndex> found = FindName(id);
  return found && at(*found).id() == id ? found : std::nullopt;
}

std::vector<std::string> Graph::Ids(const std::vector<RevisionIndex>& indexes) const {
  std::vector<std::string> ids;
  ids.reserve(indexes.size());
  for (const RevisionIndex index : indexes) ids.push_back(at(index).id());
  return ids;
}

std::vector<std::string> Graph::NearIds(std::string_view text) const {
  std::vector<std::string> names;
  names.reserve(names_.size());
  for (const auto& [name, index] : names_) names.push_back(name);
  return NearNames(text, names);
}

void Graph::AddName(const std::string& name, RevisionIndex index) {
  names_.emplace_back(name, index);
  by_name_.emplace(name, index);
}

// Alembic only warns about two files with one id, and takes the later one: what runs then depends on file
// names.
void Graph::AddIds(std::vector<Header> headers) {
  revisions_.reserve(headers.size());
  for (Header& header : headers) {
    CheckId(header);
    if (const std::optional<RevisionIndex> other = FindName(header.revision)) {
      const Header& first = at(*other).header;
      throw HistoryError(
          header, header.revision_line,
          fmt::format("two files have the revision id '{}': {} and {}", header.revision,
                      Place(first.file, first.revision_line), Place(header.file, header.revision_line)))
          .Hint("give one of them an id of its own, or remove it");
    }
    AddName(header.revision, revisions_.size());
    revisions_.emplace_back().header = std::move(header);
  }
}

void Graph::AddBranchLabels() {
  for (RevisionIndex index = 0; index < size(); ++index) {
    const Header& header = at(index).header;
    for (const std::string& label : header.branch_labels) {
      if (const std::optional<RevisionIndex> other = FindName(label)) {
        const Header& first = at(*other).header;
        throw HistoryError(
            header, header.branch_labels_line,
            fmt::format("the branch label '{}' of revision '{}' is already used by revision '{}' ({})", label,
                        header.revision, first.revision, Place(first.file, first.branch_labels_line)))
            .Hint("a branch label must differ from all others and from all revision ids");
      }
      AddName(label, index);
    }
  }
}

void Graph::LinkParents() {
  for (RevisionIndex index = 0; index < size(); ++index) {
    Revision& revision = revisions_[index];
    const Header& header = revision.header;
    for (const std::string& name : header.down_revisions) {
      const std::optional<RevisionIndex> parent = FindId(name);
      if (!parent) {
        const bool is_label = FindName(name).has_value();
        throw HistoryError(header, header.down_revision_line,
                           fmt::format("revision '{}' follows '{}', which {}", header.revision, name,
                                       is_label ? "is a branch label and no revision id" : "no file has"))
            .Hint(is_label ? "down_revision takes ids: '" + at(*FindName(name)).id() + "'?"
                           : DidYouMean(NearIds(name), "restore the missing file, or mend down_revision"));
      }
      revision.parents.push_back(*parent);
      AddOnce(revisions_[*parent].children, index);
      AddOnce(revisions_[*parent].all_children, index);
    }
  }
}

void Graph::LinkDependencies() {
  for (RevisionIndex index = 0; index < size(); ++index) {
    Revision& revision = revisions_[index];
    const Header& header = revision.header;
    for (const std::string& name : header.depends_on) {
      const std::optional<RevisionIndex> dependency = FindName(name);
      if (!dependency) {
        throw HistoryError(
            header, header.depends_on_line,
            fmt::format("revision '{}' depends on '{}', which no file has as its id or branch label",
                        header.revision, name))
            .Hint(DidYouMean(NearIds(name), "restore the missing file, or mend depends_on"));
      }
      revision.dependencies.push_back(*dependency);
      AddOnce(revisions_[*dependency].all_children, index);
    }
  }
}

void Graph::CheckForCycles() const {
  const std::vector<RevisionIndex> cycle = FindCycle(revisions_);
  if (cycle.empty()) return;
  std::string ids;
  std::string places;
  for (size_t i = 0; i < cycle.size(); ++i) {
    const Header& header = at(cycle[i]).header;
    ids += (i == 0 ? "" : " -> ") + header.revision;
    if (i + 1 < cycle.size()) places += (i == 0 ? "" : ", ") + Place(header.file, header.down_revision_line);
  }
  const Header& header = at(cycle.front()).header;
  throw HistoryError(header, header.down_revision_line,
                     "the revisions stand on one another in a cycle: " + ids)
      .Hint("mend down_revision or depends_on in one of " + places);
}

// A dependency that an ancestor (by down_revision) has already adds nothing.
void Graph::ReduceDependencies() {
  for (RevisionIndex index = 0; index < size(); ++index) {
    Revision& revision = revisions_[index];
    for (const RevisionIndex dependency : revision.dependencies)
      AddOnce(revision.own_dependencies, dependency);
    if (revision.own_dependencies.empty()) continue;
    for (const RevisionIndex above : AncestorsOf(*this, {&index, 1}, Follow::kVersions).Members()) {
      if (above == index) continue;
      for (const RevisionIndex known : at(above).dependencies) std::erase(revision.own_dependencies, known);
    }
  }
  for (Revision& revision : revisions_) {
    for (const RevisionIndex parent : revision.parents) AddOnce(revision.all_parents, parent);
    for (const RevisionIndex dependency : revision.own_dependencies)
      AddOnce(revision.all_parents, dependency);
  }
}

// A label holds for everything above its revision, and below it down to the nearest fork or merge; but below
// only if there is neither between its revision and the one head above.
void Graph::SpreadBranchLabels() {
  const auto forks_or_merges = [&](RevisionIndex index) {
    return at(index).all_children.size() > 1 || at(index).is_merge_point();
  };
  for (RevisionIndex index = 0; index < size(); ++index) {
    const std::vector<std::string>& labels = at(index).header.branch_labels;
    if (labels.empty()) continue;
    const std::vector<RevisionIndex> above = DescendantsOf(*this, {&index, 1}, Follow::kVersions).Members();
    const auto add = [&](RevisionIndex to) {
      auto& own = revisions_[to].branch_labels;
      own.insert(own.end(), labels.begin(), labels.end());
    };
    for (const RevisionIndex descendant : above) add(descendant);
    if (std::any_of(above.begin(), above.end(), forks_or_merges)) continue;
    for (RevisionIndex below = index; !at(below).parents.empty();) {
      below = at(below).parents[0];
      if (forks_or_merges(below)) break;
      add(below);
    }
  }
  for (Revision& revision : revisions_) {
    auto& labels = revision.branch_labels;
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  }
}

void Graph::CollectEnds() {
  for (RevisionIndex index = 0; index < size(); ++index) {
    if (at(index).is_head()) heads_.push_back(index);
    if (at(index).is_effective_head()) effective_heads_.push_back(index);
    if (at(index).is_base()) bases_.push_back(index);
  }
}

}  // namespace memstack::revision
