// A user's project as the commands need it: its settings, its history, and where its database is, if that is
// known.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "migrate/revision_runner.h"
#include "pg/connection_parameters.h"
#include "revision/graph.h"

namespace memstack::migrate {

// The graph of the revision files, read as soon as it can be. Most headers are read as text; one that is not
// literal has to be imported, and where it imports an application that only env.py makes importable, that is
// not before env.py runs, which may also say that the files are elsewhere. One thread at a time.
class History {
 public:
  using Directories = std::vector<std::string>;
  // Reads these directories; empty: those of the configuration.
  using ReadFunction = std::function<revision::Graph(const Directories&)>;

  // Reads at once. Throws kHistory; keeps kRevisionFile to itself, for graph() to try again.
  explicit History(ReadFunction read);

  // Throws kRevisionFile and kHistory where it still cannot be read.
  const revision::Graph& graph() const;
  bool is_read() const { return graphs_.count(directories_) != 0; }

  // From here on graph() is that of these directories; empty: of the configured ones. What graph() gave
  // before stays valid.
  void TurnTo(const Directories& directories) const { directories_ = directories; }

 private:
  ReadFunction read_;
  mutable Directories directories_;
  mutable std::map<Directories, revision::Graph> graphs_;
};

struct Project {
  config::Settings settings;
  History history;
  // From the URL that the user gave (never from sqlalchemy.url, which env.py may override); nothing: only
  // env.py knows.
  std::optional<pg::ConnectionParameters> database;
};

// Reads the headers of all revision files; one that is not literal is asked of `host`, which must outlive the
// result. Throws kHistory, kDatabaseUrl.
Project LoadProject(config::Settings settings, ScriptHost& host);

// The history alone, for commands that need no database.
revision::Graph LoadGraph(const config::Settings& settings, ScriptHost& host);

// "1a2b", "3c4d": the heads, sorted.
std::vector<std::string> HeadIds(const revision::Graph& graph);

}  // namespace memstack::migrate
