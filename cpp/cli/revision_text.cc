#include "cli/revision_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace memstack::cli {
namespace {

std::string Comma(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string Parents(const revision::Revision& revision) {
  const std::vector<std::string>& parents = revision.header.down_revisions;
  return parents.empty() ? "<base>" : Comma(parents);
}

}  // namespace

std::string RevisionLine(const revision::Graph& graph, revision::RevisionIndex index,
                         const RevisionTextOptions& options) {
  const revision::Revision& revision = graph.at(index);
  std::string text = revision.id();
  if (options.parents) {
    const std::vector<std::string>& depends_on = revision.header.depends_on;
    const std::string dependencies = depends_on.empty() ? "" : fmt::format(" ({})", Comma(depends_on));
    text = fmt::format("{}{} -> {}", Parents(revision), dependencies, text);
  }
  if (options.branches && !revision.branch_labels.empty())
    text += fmt::format(" ({})", Comma(revision.branch_labels));
  if (revision.is_effective_head()) {
    text += " (head)";
  } else if (revision.is_head()) {
    text += " (effective head)";
  }
  if (options.is_current) text += " (current)";
  if (options.tree && revision.is_branch_point()) text += " (branchpoint)";
  if (options.tree && revision.is_merge_point()) text += " (mergepoint)";
  if (options.message) text += ", " + revision.header.message;
  return text;
}

std::string RevisionEntry(const revision::Graph& graph, revision::RevisionIndex index, bool is_current) {
  const revision::Revision& revision = graph.at(index);
  std::string text =
      fmt::format("Rev: {}{}{}{}{}\n", revision.id(), revision.is_head() ? " (head)" : "",
                  revision.is_branch_point() ? " (branchpoint)" : "",
                  revision.is_merge_point() ? " (mergepoint)" : "", is_current ? " (current)" : "");
  text += fmt::format("{}: {}\n", revision.is_merge_point() ? "Merges" : "Parent", Parents(revision));
  if (!revision.header.depends_on.empty()) {
    text += fmt::format("Also depends on: {}\n", Comma(revision.header.depends_on));
  }
  if (revision.is_branch_point())
    text += fmt::format("Branches into: {}\n", Comma(graph.Ids(revision.children)));
  if (!revision.branch_labels.empty())
    text += fmt::format("Branch names: {}\n", Comma(revision.branch_labels));
  text += fmt::format("Path: {}\n\n", revision.header.file);
  std::string_view rest = revision.header.long_message;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    text += fmt::format("    {}\n", rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return text;
}

}  // namespace memstack::cli
