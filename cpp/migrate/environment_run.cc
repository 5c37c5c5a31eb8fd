#include "migrate/environment_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace memstack::migrate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kBeginATransaction =
    "wrap context.run_migrations() in `with context.begin_transaction():`, or commit the connection after it";
// context.begin_transaction() neither begins nor commits anything then, and Alembic reports success.
constexpr const char* kCommitYourOwn =
    "a statement of env.py's had begun a transaction before context.configure(), which only env.py can "
    "commit: "
    "call connection.commit() in front of context.configure(), or after the run";

std::string DatabaseState(const DatabaseRun& run) {
  if (!run.heads_known) return "";
  const std::string where = fmt::format("{} (table {})", run.database, run.version_table);
  if (run.is_in_doubt) {
    return fmt::format(
        "it is not known where {} stands: the connection was lost during COMMIT, which took effect as a "
        "whole or not at all; see `current`",
        where);
  }
  if (run.is_callers_transaction) {
    return fmt::format("{} stands at {}; what ran since is in the transaction of the caller, to roll back",
                       where, HeadsText(run.heads_before));
  }
  std::string text = fmt::format("{} stands at {}", where, HeadsText(run.heads_after));
  const auto partial = std::find_if(run.steps.begin(), run.steps.end(),
                                    [](const StepReport& step) { return step.has_kept_part; });
  if (partial != run.steps.end()) {
    return text + fmt::format("; revision {} failed after it had committed part of its work, which is kept",
                              partial->revision);
  }
  if (run.heads_after == run.heads_before) text += ", as before: this run changed nothing";
  return text;
}

std::string StateText(const RunReport& report) {
  std::vector<std::string> lines;
  for (const DatabaseRun& run : report.databases) {
    std::string line = DatabaseState(run);
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines.empty() ? "nothing was changed" : fmt::format("{}", fmt::join(lines, "; "));
}

Error InDoubt(const std::string& message) {
  return Error(ErrorCode::kCommitInDoubt, message)
      .Hint("look at the database before a new try; the version table was part of the same transaction");
}

bool IsInDoubt(const RunReport& report) {
  return std::any_of(report.databases.begin(), report.databases.end(),
                     [](const DatabaseRun& run) { return run.is_in_doubt; });
}

// Another driver's error says that the connection is lost, not what that means for what was run.
Error DuringCommit(const Error& error) {
  Error told = InDoubt(fmt::format("the connection was lost during COMMIT: {}", error.what()));
  if (error.place()) told.At(error.place()->file, error.place()->line);
  if (!error.revision().empty()) told.Revision(error.revision());
  return told;
}

}  // namespace

EnvironmentRun::EnvironmentRun(ScriptHost& host, const History& history, ExecutorOptions options,
                               PlanFunction plan)
    : host_(host), history_(history), options_(std::move(options)), plan_(std::move(plan)) {}

void EnvironmentRun::Run(const EnvironmentRequest& request, RunReport& report) {
  const auto start = Clock::now();
  Milliseconds inside{0};
  std::optional<Error> failure;
  try {
    host_.RunEnvironment(request, [this, &inside](MigrationCall call) {
      const auto begin = Clock::now();
      Attempt(std::move(call));
      inside += Clock::now() - begin;
    });
  } catch (const Error& error) {
    failure = error;
  }
  report.environment_ran = !failure;
  report.environment_time = Milliseconds(Clock::now() - start) - inside;
  Collect(report);
  if (failure) {
    Error cause = CauseOf(*failure);
    // What else fails after env.py kept such a loss to itself has a cause of its own.
    if (cause.code() == ErrorCode::kConnection && IsInDoubt(report)) cause = DuringCommit(cause);
    if (cause.state().empty()) cause.State(StateText(report));
    throw cause;
  }
  CheckKept(report);
  for (const Call& call : calls_) call.executor->CheckElsewhere();
}

void EnvironmentRun::Attempt(MigrationCall call) {
  history_.TurnTo(call.version_directories);
  calls_.push_back({Executor::Make(options_, plan_, std::move(call)), nullptr});
  try {
    calls_.back().executor->Run();
  } catch (...) {
    calls_.back().failure = std::current_exception();
    throw;
  }
}

void EnvironmentRun::Collect(RunReport& report) const {
  for (const Call& call : calls_) {
    call.executor->EnvironmentEnded();
    report.databases.push_back(call.executor->account().report());
  }
}

// Whether env.py has tried again on the same version table, and succeeded.
bool EnvironmentRun::WasRepeated(size_t index) const {
  const std::string& place = calls_[index].executor->place();
  return std::any_of(calls_.begin() + static_cast<std::ptrdiff_t>(index) + 1, calls_.end(),
                     [&](const Call& later) {
                       return !place.empty() && later.failure == nullptr && later.executor->place() == place;
                     });
}

// What env.py raises after it has caught a failure mostly follows from that failure.
Error EnvironmentRun::CauseOf(const Error& error) const {
  if (error.code() != ErrorCode::kEnvironment) return error;
  for (size_t i = 0; i < calls_.size(); ++i) {
    if (calls_[i].failure && !WasRepeated(i)) return host_.ErrorOf(calls_[i].failure);
  }
  return error;
}

void EnvironmentRun::CheckKept(const RunReport& report) const {
  const Executor* lost = nullptr;
  for (size_t i = 0; i < calls_.size(); ++i) {
    if (WasRepeated(i)) continue;
    if (calls_[i].failure) throw host_.ErrorOf(calls_[i].failure).State(StateText(report));
    if (calls_[i].executor->account().has_lost_work()) lost = calls_[i].executor.get();
  }
  if (lost == nullptr) return;
  if (lost->account().report().is_in_doubt) {
    throw InDoubt("the connection was lost during COMMIT, and env.py went on").State(StateText(report));
  }
  throw Error(ErrorCode::kNotCommitted, "env.py ended without a commit: what was run is not kept")
      .State(StateText(report))
      .Hint(lost->is_in_callers_transaction() ? kCommitYourOwn : kBeginATransaction);
}

}  // namespace memstack::migrate
