// What `heads`, `history` and `current` print.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "revision/graph.h"

namespace memstack::cli {

struct ListStyle {
  bool verbose = false;
  bool json = false;
};

// Text in Alembic's format, or a JSON array; every line ends with a newline.
std::string HeadsList(const revision::Graph& graph, bool resolve_dependencies, const ListStyle& style);
// Revisions of the version table and those that they depend on, as Alembic's `current`; one that no file has
// throws kVersionTable.
std::string CurrentList(const revision::Graph& graph, const std::vector<std::string>& current,
                        const ListStyle& style);
// `range` is "[start]:[end]" or "" for all; throws kUsage without a colon, kTarget for what it does not find.
std::string HistoryList(const revision::Graph& graph, std::string_view range,
                        const std::vector<std::string>& current, const ListStyle& style);

// One JSON object on one line: on standard error it follows whatever env.py's logging has written there.
std::string ErrorJson(const Error& error);

}  // namespace memstack::cli
