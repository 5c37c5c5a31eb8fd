// One execution of env.py, and the judgement of what came of it.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "migrate/executor.h"
#include "migrate/project.h"
#include "migrate/report.h"
#include "migrate/revision_runner.h"

namespace memstack::migrate {

// An executor for each context.run_migrations() in env.py. To be used once; one thread at a time.
class EnvironmentRun {
 public:
  // `history` must outlive it.
  EnvironmentRun(ScriptHost& host, const History& history, ExecutorOptions options, PlanFunction plan);

  // Fills the report also where it throws. env.py may catch what a revision raises, try again, or forget to
  // commit: what is not kept in the end is an error, whatever env.py made of it.
  void Run(const EnvironmentRequest& request, RunReport& report);

 private:
  // One call of context.run_migrations().
  struct Call {
    std::shared_ptr<Executor> executor;
    std::exception_ptr failure;  // what came out of it, and went on into env.py
  };

  void Attempt(MigrationCall call);
  void Collect(RunReport& report) const;
  bool WasRepeated(size_t index) const;
  Error CauseOf(const Error& error) const;
  void CheckKept(const RunReport& report) const;

  ScriptHost& host_;
  const History& history_;
  const ExecutorOptions options_;
  const PlanFunction plan_;
  std::vector<Call> calls_;
};

}  // namespace memstack::migrate
