// A run that is written down instead of executed: `--sql`.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "migrate/executor.h"
#include "migrate/project.h"
#include "migrate/revision_runner.h"

namespace memstack::migrate {

enum class RunFunctions { kNo, kYes };  // kNo: stamp, only the version table is written

// What Executor and EnvironmentRun are for a database, in Alembic's order of statements. To be used once; one
// thread at a time.
class OfflineRun {
 public:
  // `history` must outlive it.
  OfflineRun(ScriptHost& host, const History& history, PlanFunction plan,
             RunFunctions functions = RunFunctions::kYes);

  // The whole script. Throws, and returns nothing, where a revision fails, also if env.py caught it.
  std::string Write(const EnvironmentRequest& request);

 private:
  void WriteCall(const MigrationCall& call) const;
  void WriteStep(const MigrationCall& call, const revision::Step& step, bool is_first_row,
                 OperationCounts& counts) const;
  std::vector<std::string> StartingHeads(const MigrationCall& call) const;

  ScriptHost& host_;
  const History& history_;
  const PlanFunction plan_;
  const RunFunctions functions_;
  std::exception_ptr failure_;  // the first that went out into env.py
};

}  // namespace memstack::migrate
