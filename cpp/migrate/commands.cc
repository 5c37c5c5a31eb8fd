#include "migrate/commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "migrate/environment_run.h"
#include "migrate/executor.h"
#include "migrate/head_check.h"
#include "migrate/offline_run.h"
#include "revision/plan.h"
#include "revision/target.h"

namespace memstack::migrate {
namespace {

// What `upgrade heads` would run, and which rows of the version table no file has.
DatabaseStatus StatusOf(const revision::Graph& graph, const DatabaseRun& run) {
  DatabaseStatus status;
  status.database = run.database;
  status.version_table = run.version_table;
  status.current = run.heads_before;
  for (const std::string& id : status.current) {
    if (!graph.FindId(id)) status.unknown.push_back(id);
  }
  if (!status.unknown.empty()) return status;
  for (const revision::Step& step : revision::PlanUpgrade(graph, status.current, {"heads"}).steps) {
    status.pending.push_back(DescribeStep(step));
  }
  return status;
}

using Clock = std::chrono::steady_clock;
using Destination = decltype(EnvironmentRequest::destination_revision);

ExecutorOptions MakeExecutorOptions(const Project& project, const CommandOptions& options) {
  ExecutorOptions executor;
  executor.session_is_kept = project.settings.pooler == config::Pooler::kSession;
  executor.lock = options.lock;
  executor.purge = options.purge;
  executor.on_plan = options.on_plan;
  return executor;
}

// True: the database is known to stand at the target; the report then says so.
bool AnswerQuickly(const HeadCheck& check, const PlanFunction& plan, const CommandOptions& options,
                   RunReport& report) {
  if (!check.current_heads) return false;
  try {
    if (!plan(*check.current_heads).steps.empty()) return false;
  } catch (const Error&) {
    return false;  // the full path refuses it, too, and is the one to say why
  }
  // A database without a version table gets one from the full path, as under Alembic.
  if (check.current_heads->empty()) return false;
  DatabaseRun run;
  run.database = check.database;
  run.version_table = check.version_table;
  run.heads_known = true;
  run.heads_before = run.heads_after = *check.current_heads;
  if (options.on_plan) options.on_plan(run);
  report.databases.push_back(std::move(run));
  return true;
}

void RunCommand(const Project& project, ScriptHost& host, const PlanFunction& plan,
                ExecutorOptions executor_options, Destination destination, const CommandOptions& options,
                RunReport& report) {
  const auto start = Clock::now();
  HeadCheck check = CheckHead(project);
  const bool may_be_quick = executor_options.run_functions;
  if (may_be_quick && AnswerQuickly(check, plan, options, report)) {
    report.duration = Clock::now() - start;
    return;
  }
  executor_options.expected_database = check.TakeIdentity();
  EnvironmentRequest request;
  request.destination_revision = std::move(destination);
  request.tag = options.tag;
  try {
    EnvironmentRun(host, project.history, std::move(executor_options), plan).Run(request, report);
  } catch (...) {
    report.duration = Clock::now() - start;
    throw;
  }
  report.duration = Clock::now() - start;
  if (!may_be_quick || !report.nothing_to_do()) return;
  report.why_not_quick = check.why_not;
  report.remedy = check.remedy;
}

// "a:b" as its two parts; the first is "" where there is none.
std::pair<std::string, std::string> SplitRange(const std::string& range) {
  const size_t colon = range.find(':');
  if (colon == std::string::npos) return {"", range};
  return {range.substr(0, colon), range.substr(colon + 1)};
}

EnvironmentRequest OfflineRequest(std::string start, Destination destination, std::string tag) {
  EnvironmentRequest request;
  request.starting_revision = std::move(start);
  request.destination_revision = std::move(destination);
  request.tag = std::move(tag);
  return request;
}

void RefuseRange(const std::string& target) {
  if (target.find(':') == std::string::npos) return;
  throw Error(ErrorCode::kTarget, fmt::format("'{}' is a range, and a range is for --sql only", target))
      .Hint("name the revision to go to; where to start is what the database says");
}

// Whether env.py may set ScriptDirectory.version_locations.
bool MayMoveVersions(const config::Settings& settings, ScriptHost& host) {
  const config::ScriptPath& scripts = settings.script_location;
  const std::string directory =
      scripts.needs_python ? host.LocateScripts(scripts.text) : scripts.path.string();
  std::error_code unreadable;
  const std::string text = ReadFile(directory + "/env.py", unreadable);
  return unreadable || text.find("version_locations") != std::string::npos;
}

// A target that means nothing is refused before anything is connected or run. A relative one depends on where
// the database stands, and an env.py that says where the revision files are has to be run first.
void CheckTarget(const Project& project, ScriptHost& host, const std::string& target) {
  if (!project.history.is_read() || revision::ParseRelativeTarget(target)) return;
  try {
    static_cast<void>(revision::TargetResolver(project.history.graph()).Resolve(target));
  } catch (const Error&) {
    if (!MayMoveVersions(project.settings, host)) throw;
  }
}

}  // namespace

void Upgrade(const Project& project, ScriptHost& host, const std::string& target,
             const CommandOptions& options, RunReport& report) {
  report.command = "upgrade";
  report.target = target;
  RefuseRange(target);
  CheckTarget(project, host, target);
  const PlanFunction plan = [&](const std::vector<std::string>& current) {
    return revision::PlanUpgrade(project.history.graph(), current, {target});
  };
  RunCommand(project, host, plan, MakeExecutorOptions(project, options), target, options, report);
}

void Downgrade(const Project& project, ScriptHost& host, const std::string& target,
               const CommandOptions& options, RunReport& report) {
  report.command = "downgrade";
  report.target = target;
  RefuseRange(target);
  CheckTarget(project, host, target);
  const PlanFunction plan = [&](const std::vector<std::string>& current) {
    return revision::PlanDowngrade(project.history.graph(), current, target);
  };
  RunCommand(project, host, plan, MakeExecutorOptions(project, options), target, options, report);
}

void Stamp(const Project& project, ScriptHost& host, const std::vector<std::string>& targets,
           const CommandOptions& options, RunReport& report) {
  report.command = "stamp";
  report.target = fmt::format("{}", fmt::join(targets, ", "));
  const PlanFunction plan = [&](const std::vector<std::string>& current) {
    return revision::PlanStamp(project.history.graph(), current, targets);
  };
  ExecutorOptions executor = MakeExecutorOptions(project, options);
  executor.run_functions = false;
  RunCommand(project, host, plan, std::move(executor), targets, options, report);
}

std::string UpgradeScript(const Project& project, ScriptHost& host, const std::string& range,
                          const std::string& tag) {
  const auto [start, target] = SplitRange(range);
  CheckTarget(project, host, target);
  const PlanFunction plan = [&project, &target = target](const std::vector<std::string>& current) {
    return revision::PlanUpgrade(project.history.graph(), current, {target});
  };
  return OfflineRun(host, project.history, plan).Write(OfflineRequest(start, target, tag));
}

std::string DowngradeScript(const Project& project, ScriptHost& host, const std::string& range,
                            const std::string& tag) {
  const auto [start, target] = SplitRange(range);
  if (start.empty()) {
    throw Error(ErrorCode::kUsage, "downgrade --sql has to be told where to start: <from>:<to>")
        .Hint("without a database it cannot be asked, as in: memstack-migrate downgrade head:-1 --sql");
  }
  CheckTarget(project, host, target);
  const PlanFunction plan = [&project, &target = target](const std::vector<std::string>& current) {
    return revision::PlanDowngrade(project.history.graph(), current, target);
  };
  return OfflineRun(host, project.history, plan).Write(OfflineRequest(start, target, tag));
}

std::string StampScript(const Project& project, ScriptHost& host, const std::vector<std::string>& ranges,
                        const std::string& tag) {
  std::string start;
  std::vector<std::string> targets;
  for (const std::string& range : ranges) {
    const auto [from, target] = SplitRange(range);
    targets.push_back(target);
    if (from.empty() || from == start) continue;
    if (!start.empty()) throw Error(ErrorCode::kUsage, "stamp --sql takes one starting revision only");
    start = from;
  }
  const PlanFunction plan = [&](const std::vector<std::string>& current) {
    return revision::PlanStamp(project.history.graph(), current, targets);
  };
  return OfflineRun(host, project.history, plan, RunFunctions::kNo)
      .Write(OfflineRequest(start, targets, tag));
}

StatusReport Status(const Project& project, ScriptHost& host) {
  StatusReport report;
  HeadCheck check = CheckHead(project);
  RunReport run;
  if (check.current_heads) {
    DatabaseRun database;
    database.database = check.database;
    database.version_table = check.version_table;
    database.heads_before = *check.current_heads;
    run.databases.push_back(std::move(database));
  } else {
    ExecutorOptions options;
    options.may_change_database = false;
    options.expected_database = check.TakeIdentity();
    EnvironmentRequest request;
    request.may_change_database = false;
    const PlanFunction nothing = [&project](const std::vector<std::string>&) {
      static_cast<void>(project.history.graph());  // within env.py, should it need that
      return revision::Plan();
    };
    EnvironmentRun(host, project.history, std::move(options), nothing).Run(request, run);
  }
  report.heads = HeadIds(project.history.graph());
  report.total_revisions = static_cast<int>(project.history.graph().size());
  for (const DatabaseRun& database : run.databases)
    report.databases.push_back(StatusOf(project.history.graph(), database));
  return report;
}

}  // namespace memstack::migrate
