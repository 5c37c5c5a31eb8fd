#include "cli/revision_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/revision_text.h"
#include "revision/range.h"
#include "revision/target.h"
#include "revision/traversal.h"

namespace memstack::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool Contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

Json ToJson(const revision::Graph& graph, revision::RevisionIndex index,
            const std::vector<std::string>& current) {
  const revision::Revision& revision = graph.at(index);
  return {{"revision", revision.id()},
          {"down_revisions", revision.header.down_revisions},
          {"depends_on", revision.header.depends_on},
          {"branch_labels", revision.branch_labels},
          {"message", revision.header.message},
          {"file", revision.header.file},
          {"is_head", revision.is_effective_head()},
          {"is_current", Contains(current, revision.id())}};
}

std::string List(const revision::Graph& graph, const std::vector<revision::RevisionIndex>& revisions,
                 const std::vector<std::string>& current, RevisionTextOptions options,
                 const ListStyle& style) {
  if (style.json) {
    Json list = Json::array();
    for (const revision::RevisionIndex index : revisions) list.push_back(ToJson(graph, index, current));
    return Dump(list);
  }
  std::string text;
  for (const revision::RevisionIndex index : revisions) {
    options.is_current = Contains(current, graph.at(index).id());
    text +=
        style.verbose ? RevisionEntry(graph, index, options.is_current) : RevisionLine(graph, index, options);
    text += '\n';
  }
  return text;
}

revision::RangeEnd ReadEnd(std::string_view text, std::string_view fallback,
                           const std::vector<std::string>& current) {
  if (text == "current") return current;
  return std::string(text.empty() ? fallback : text);
}

}  // namespace

std::string HeadsList(const revision::Graph& graph, bool resolve_dependencies, const ListStyle& style) {
  const std::vector<revision::RevisionIndex>& heads =
      resolve_dependencies ? graph.effective_heads() : graph.heads();
  return List(graph, heads, {}, {.branches = true, .tree = false}, style);
}

std::string CurrentList(const revision::Graph& graph, const std::vector<std::string>& current,
                        const ListStyle& style) {
  std::vector<revision::RevisionIndex> rows;
  for (const std::string& id : current) {
    const std::optional<revision::RevisionIndex> index = graph.FindId(id);
    if (!index) {
      throw Error(ErrorCode::kVersionTable,
                  fmt::format("the version table names revision '{}', which no file has", id))
          .Hint("the database may be ahead of this code: bring the code that has this revision");
    }
    rows.push_back(*index);
  }
  const auto everything = revision::AncestorsOf(graph, rows, revision::Follow::kVersionsAndDependencies);
  std::vector<revision::RevisionIndex> shown;
  for (const revision::RevisionIndex index : everything.Members()) {
    // A revision that something applied follows by down_revision is history; one that is only depended on is
    // current.
    const bool is_followed =
        std::any_of(graph.at(index).children.begin(), graph.at(index).children.end(),
                    [&](revision::RevisionIndex child) { return everything.Contains(child); });
    if (!is_followed) shown.push_back(index);
  }
  return List(graph, shown, {}, {}, style);
}

std::string HistoryList(const revision::Graph& graph, std::string_view range,
                        const std::vector<std::string>& current, const ListStyle& style) {
  std::string_view base;
  std::string_view head;
  if (!range.empty()) {
    const size_t colon = range.find(':');
    if (colon == std::string_view::npos) {
      throw Error(ErrorCode::kUsage, fmt::format("'{}' is not a range of revisions", range))
          .Hint("a range is [start]:[end], [start]: or :[end]");
    }
    base = range.substr(0, colon);
    head = range.substr(colon + 1);
  }
  const auto revisions =
      revision::HistoryRange(graph, ReadEnd(base, "base", current), ReadEnd(head, "heads", current));
  return List(graph, revisions, current, {.branches = true, .message = true, .parents = true}, style);
}

std::string ErrorJson(const Error& error) {
  Json json = {{"code", ErrorCodeName(error.code())},
               {"message", error.what()},
               {"revision", error.revision()},
               {"operation", error.operation()},
               {"sql", error.sql()},
               {"sqlstate", error.sqlstate()},
               {"state", error.state()},
               {"hint", error.hint()}};
  if (error.place()) {
    json["file"] = error.place()->file;
    json["line"] = error.place()->line;
  }
  if (error.called_place()) {
    json["called_file"] = error.called_place()->file;
    json["called_line"] = error.called_place()->line;
  }
  return Json{{"error", json}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace memstack::cli
