#include "migrate/commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "base/error.h"
#include "migrate/executor.h"
#include "migrate/head_check.h"
#include "revision/plan.h"
#include "revision/target.h"

namespace memstack::migrate {
namespace {

// What `upgrade heads` would run, and which rows of the version table no file has.
void FillPending(const revision::Graph& graph, StatusReport& report) {
  for (const std::string& id : report.current) {
    if (!graph.FindId(id)) report.unknown.push_back(id);
  }
  if (!report.unknown.empty()) return;
  for (const revision::Step& step : revision::PlanUpgrade(graph, report.current, {"heads"}).steps) {
    report.pending.push_back(DescribeStep(step));
  }
}

using Clock = std::chrono::steady_clock;

// One execution of env.py with an executor for each context.run_migrations() in it.
class EnvironmentRun {
 public:
  EnvironmentRun(ScriptHost& host, ExecutorOptions options, PlanFunction plan)
      : host_(host), options_(std::move(options)), plan_(std::move(plan)) {}

  // Fills the report also where it throws.
  void Run(const EnvironmentRequest& request, RunReport& report) {
    const auto start = Clock::now();
    Milliseconds inside{0};
    try {
      host_.RunEnvironment(request, [this, &inside](MigrationCall call) {
        const auto begin = Clock::now();
        Attempt(std::move(call));
        inside += Clock::now() - begin;
      });
    } catch (const Error& error) {
      Collect(report);
      Error cause = CauseOf(error);
      if (cause.state().empty()) cause.State(StateText(report));
      throw cause;
    }
    report.environment_ran = true;
    report.environment_time = Milliseconds(Clock::now() - start) - inside;
    Collect(report);
    CheckKept(report);
  }

 private:
  // One call of context.run_migrations().
  struct Call {
    std::shared_ptr<Executor> executor;
    std::exception_ptr failure;  // what came out of it, and went on into env.py
  };

  void Attempt(MigrationCall call) {
    calls_.push_back({Executor::Make(options_, plan_, std::move(call)), nullptr});
    try {
      calls_.back().executor->Run();
    } catch (...) {
      calls_.back().failure = std::current_exception();
      throw;
    }
  }

  void Collect(RunReport& report) const {
    for (const Call& call : calls_) report.databases.push_back(call.executor->report());
  }

  // Whether env.py has tried again on the same version table, and succeeded.
  bool WasRepeated(size_t index) const {
    const std::string& place = calls_[index].executor->place();
    return std::any_of(
        calls_.begin() + static_cast<std::ptrdiff_t>(index) + 1, calls_.end(), [&](const Call& later) {
          return !place.empty() && later.failure == nullptr && later.executor->place() == place;
        });
  }

  static std::string StateText(const RunReport& report) {
    if (report.databases.empty()) return "nothing was changed";
    std::vector<std::string> lines;
    for (const DatabaseRun& run : report.databases) {
      if (!run.heads_known) continue;
      std::string line = fmt::format("{} stands at {} (table {})", run.database, HeadsText(run.heads_after),
                                     run.version_table);
      if (run.heads_after == run.heads_before) line += ", as before: this run changed nothing";
      lines.push_back(std::move(line));
    }
    return lines.empty() ? "nothing was changed" : fmt::format("{}", fmt::join(lines, "; "));
  }

  // What env.py raises after it has caught a failure mostly follows from that failure.
  Error CauseOf(const Error& error) const {
    if (error.code() != ErrorCode::kEnvironment) return error;
    for (size_t i = 0; i < calls_.size(); ++i) {
      if (calls_[i].failure && !WasRepeated(i)) return host_.ErrorOf(calls_[i].failure);
    }
    return error;
  }

  // env.py has ended as if all were well. It is not if it caught a failure without mending it, nor if it
  // never committed.
  void CheckKept(const RunReport& report) const {
    size_t lost = 0;
    for (size_t i = 0; i < calls_.size(); ++i) {
      if (WasRepeated(i)) continue;
      if (calls_[i].failure) throw host_.ErrorOf(calls_[i].failure).State(StateText(report));
      for (const StepReport& step : calls_[i].executor->report().steps) {
        lost += step.state == StepState::kCommitted ? 0 : 1;
      }
    }
    if (lost == 0) return;
    throw Error(
        ErrorCode::kNotCommitted,
        fmt::format("env.py ended without a commit: {} of the revisions that ran were not kept", lost))
        .State(StateText(report))
        .Hint(
            "wrap context.run_migrations() in `with context.begin_transaction():`, or commit the connection "
            "after it");
  }

  ScriptHost& host_;
  ExecutorOptions options_;
  PlanFunction plan_;
  std::vector<Call> calls_;
};

ExecutorOptions MakeExecutorOptions(const CommandOptions& options) {
  ExecutorOptions executor;
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
                ExecutorOptions executor_options, const CommandOptions& options, RunReport& report) {
  const auto start = Clock::now();
  HeadCheck check = CheckHead(project);
  const bool may_be_quick = executor_options.run_functions;
  if (may_be_quick && AnswerQuickly(check, plan, options, report)) {
    report.duration = Clock::now() - start;
    return;
  }
  executor_options.expected_database = check.TakeIdentity();
  EnvironmentRequest request;
  request.destination_revision = report.target;
  request.tag = options.tag;
  try {
    EnvironmentRun(host, std::move(executor_options), plan).Run(request, report);
  } catch (...) {
    report.duration = Clock::now() - start;
    throw;
  }
  report.duration = Clock::now() - start;
  if (!may_be_quick || !report.nothing_to_do()) return;
  report.why_not_quick = check.why_not;
  report.remedy = check.remedy;
}

// A target that means nothing is refused before anything is connected or run. A relative one depends on where
// the database stands.
void CheckTarget(const Project& project, const std::string& target) {
  if (revision::ParseRelativeTarget(target)) return;
  static_cast<void>(revision::TargetResolver(project.graph).Resolve(target));
}

}  // namespace

void Upgrade(const Project& project, ScriptHost& host, const std::string& target,
             const CommandOptions& options, RunReport& report) {
  report.command = "upgrade";
  report.target = target;
  CheckTarget(project, target);
  const PlanFunction plan = [&](const std::vector<std::string>& current) {
    return revision::PlanUpgrade(project.graph, current, {target});
  };
  RunCommand(project, host, plan, MakeExecutorOptions(options), options, report);
}

void Downgrade(const Project& project, ScriptHost& host, const std::string& target,
               const CommandOptions& options, RunReport& report) {
  report.command = "downgrade";
  report.target = target;
  CheckTarget(project, target);
  const PlanFunction plan = [&](const std::vector<std::string>& current) {
    return revision::PlanDowngrade(project.graph, current, target);
  };
  RunCommand(project, host, plan, MakeExecutorOptions(options), options, report);
}

void Stamp(const Project& project, ScriptHost& host, const std::vector<std::string>& targets,
           const CommandOptions& options, RunReport& report) {
  report.command = "stamp";
  report.target = fmt::format("{}", fmt::join(targets, ", "));
  const PlanFunction plan = [&](const std::vector<std::string>& current) {
    return revision::PlanStamp(project.graph, current, targets);
  };
  ExecutorOptions executor = MakeExecutorOptions(options);
  executor.run_functions = false;
  RunCommand(project, host, plan, std::move(executor), options, report);
}

std::vector<std::string> CurrentHeads(const Project& project, ScriptHost& host) {
  return Status(project, host).current;
}

StatusReport Status(const Project& project, ScriptHost& host) {
  StatusReport report;
  report.heads = HeadIds(project.graph);
  report.total_revisions = static_cast<int>(project.graph.size());
  HeadCheck check = CheckHead(project);
  if (check.current_heads) {
    report.database = check.database;
    report.current = *check.current_heads;
  } else {
    ExecutorOptions options;
    options.may_change_database = false;
    options.expected_database = check.TakeIdentity();
    EnvironmentRequest request;
    request.may_change_database = false;
    RunReport run;
    EnvironmentRun(host, options, [](const std::vector<std::string>&) {
      return revision::Plan();
    }).Run(request, run);
    for (const DatabaseRun& database : run.databases) {
      report.database = database.database;
      report.current = database.heads_before;
    }
  }
  FillPending(project.graph, report);
  return report;
}

}  // namespace memstack::migrate
