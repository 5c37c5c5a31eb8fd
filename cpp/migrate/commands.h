// The commands that change or look at a database: the public face of the engine.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "migrate/migration_lock.h"
#include "migrate/project.h"
#include "migrate/report.h"
#include "migrate/revision_runner.h"

namespace memstack::migrate {

struct CommandOptions {
  LockOptions lock;
  std::string tag;     // env.py's context.get_tag_argument()
  bool purge = false;  // stamp: empty the version table first
  // Called once per database when it is known what will run.
  std::function<void(const DatabaseRun&)> on_plan;
};

// Each fills `report`, also where it throws: what was kept, what failed, what was not reached. The Error then
// says where the database stands (Error::state). Any thread; one command at a time per report.

// Runs the revisions from where the database stands up to `target`. Where the database is known without
// env.py and stands at the target, nothing but one query is run.
void Upgrade(const Project& project, ScriptHost& host, const std::string& target,
             const CommandOptions& options, RunReport& report);
void Downgrade(const Project& project, ScriptHost& host, const std::string& target,
               const CommandOptions& options, RunReport& report);
void Stamp(const Project& project, ScriptHost& host, const std::vector<std::string>& targets,
           const CommandOptions& options, RunReport& report);

// The same as a script (`--sql`), without a database: env.py runs in Alembic's offline mode, and what the
// commands would execute is returned. Each of `range` is "target" or "start:target"; without a start,
// `upgrade` and `stamp` begin with an empty database. Throws kUsage for a range that says too little or too
// much, and kRevisionFailed for a revision that asks the database something; then nothing is returned.
std::string UpgradeScript(const Project& project, ScriptHost& host, const std::string& range,
                          const std::string& tag);
std::string DowngradeScript(const Project& project, ScriptHost& host, const std::string& range,
                            const std::string& tag);
std::string StampScript(const Project& project, ScriptHost& host, const std::vector<std::string>& ranges,
                        const std::string& tag);

// Where the database stands; by a query if that is safe, else through env.py. Changes nothing, takes no lock.
StatusReport Status(const Project& project, ScriptHost& host);

}  // namespace memstack::migrate
