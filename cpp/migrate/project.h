// A user's project as the commands need it: its settings, its history, and where its database is, if that is
// known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "migrate/revision_runner.h"
#include "pg/connection_parameters.h"
#include "revision/graph.h"

namespace memstack::migrate {

// Immutable once loaded; share freely.
struct Project {
  config::Settings settings;
  revision::Graph graph;
  // From the URL that the user gave (never from sqlalchemy.url, which env.py may override); nothing: only
  // env.py knows.
  std::optional<pg::ConnectionParameters> database;
};

// Reads the headers of all revision files; one that is not literal is asked of `host`.
// Throws kHistory, kRevisionFile, kDatabaseUrl.
Project LoadProject(config::Settings settings, ScriptHost& host);

// The history alone, for commands that need no database.
revision::Graph LoadGraph(const config::Settings& settings, ScriptHost& host);

// "1a2b", "3c4d": the heads, sorted.
std::vector<std::string> HeadIds(const revision::Graph& graph);

}  // namespace memstack::migrate
