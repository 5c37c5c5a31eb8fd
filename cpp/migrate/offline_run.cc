#include "migrate/offline_run.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "revision/target.h"

namespace memstack::migrate {
namespace {

Error AboutScript(Error error) {
  error.State("no script was written");
  if (error.code() == ErrorCode::kRevisionFailed) {
    error.Hint(
        "a --sql script is written without a connection: a query has no result, inspect() finds nothing; put "
        "what needs a database behind `if not context.is_offline_mode():`, or begin the range after this "
        "revision; --raiseerr shows the traceback");
  }
  return error;
}

}  // namespace

OfflineRun::OfflineRun(ScriptHost& host, const History& history, PlanFunction plan, RunFunctions functions)
    : host_(host), history_(history), plan_(std::move(plan)), functions_(functions) {}

std::string OfflineRun::Write(const EnvironmentRequest& request) {
  std::string script;
  try {
    script = host_.WriteScript(request, [this](const MigrationCall& call) {
      try {
        WriteCall(call);
      } catch (...) {
        if (!failure_) failure_ = std::current_exception();
        throw;
      }
    });
  } catch (const Error& error) {
    throw AboutScript(error);
  }
  if (failure_) throw AboutScript(host_.ErrorOf(failure_));
  return script;
}

std::vector<std::string> OfflineRun::StartingHeads(const MigrationCall& call) const {
  std::vector<std::string> heads;
  for (const std::string& start : call.starting_revisions) {
    const revision::Graph& graph = history_.graph();
    const auto revision = revision::TargetResolver(graph).ResolveOne(start);
    if (revision) heads.push_back(graph.at(*revision).id());
  }
  return heads;
}

void OfflineRun::WriteCall(const MigrationCall& call) const {
  history_.TurnTo(call.version_directories);
  std::vector<std::string> heads = StartingHeads(call);
  const revision::Plan plan = plan_(heads);
  for (const std::string& warning : plan.warnings) LogWarning(kMigrationLogger, "{}", warning);
  if (functions_ == RunFunctions::kYes) {
    for (const revision::Step& step : plan.steps) call.runner->Load(step);
  }
  OperationCounts counts;
  for (const revision::Step& step : plan.steps) {
    WriteStep(call, step, heads.empty(), counts);
    heads = step.heads_after;
  }
}

void OfflineRun::WriteStep(const MigrationCall& call, const revision::Step& step, bool is_first_row,
                           OperationCounts& counts) const {
  call.writer->BeginStep();
  if (is_first_row && !call.runner->CreateVersionTable()) {
    call.writer->Statement(CreateStatement(call.version_table));
  }
  LogInfo(kMigrationLogger, "Running {}", step.log);
  call.writer->Comment("Running " + step.short_log);
  if (functions_ == RunFunctions::kYes) call.runner->Run(step, counts);
  for (const revision::VersionChange& change : step.changes) {
    call.writer->Statement(ChangeStatement(call.version_table, change));
  }
  call.runner->VersionApplied(step, step.heads_after);
  call.writer->EndStep();
}

}  // namespace memstack::migrate
