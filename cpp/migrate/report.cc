#include "migrate/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <set>

namespace memstack::migrate {
namespace {

std::string_view Mark(StepState state) {
  switch (state) {
    case StepState::kPending:
      return "·";
    case StepState::kApplied:
      return "…";
    case StepState::kCommitted:
      return "✓";
    case StepState::kRolledBack:
      return "↺";
    case StepState::kInDoubt:
      return "?";
    case StepState::kFailed:
      return "✗";
  }
  return "?";
}

std::string Note(const StepReport& step, const DatabaseRun& run) {
  switch (step.state) {
    case StepState::kPending:
      return "not run";
    case StepState::kApplied:
      return run.is_callers_transaction ? "ran; kept when the caller commits"
                                        : "ran, not committed by env.py";
    case StepState::kRolledBack:
      return "rolled back";
    case StepState::kInDoubt:
      return "in doubt: the connection was lost during COMMIT";
    case StepState::kFailed:
      return step.has_kept_part ? "failed; what it had committed before is kept" : "failed";
    case StepState::kCommitted:
      return fmt::format("{:.0f} ms", step.duration.count());
  }
  return "";
}

std::string StepText(const StepReport& step, const DatabaseRun& run) {
  const std::string from = HeadsText(step.down_revisions);
  const bool down = step.direction == "downgrade";
  return fmt::format("  {} {} -> {}  {}  ({})\n", Mark(step.state), down ? step.revision : from,
                     down ? from : step.revision, step.message, Note(step, run));
}

// The steps that were not reached follow all others; of a long plan only the first are of interest.
void AppendSteps(std::string& out, const DatabaseRun& run) {
  const std::vector<StepReport>& steps = run.steps;
  constexpr std::ptrdiff_t kMostNotRun = 5;
  const auto is_pending = [](const StepReport& step) { return step.state == StepState::kPending; };
  const auto first_pending = std::find_if(steps.begin(), steps.end(), is_pending);
  const std::ptrdiff_t not_run = steps.end() - first_pending;
  const auto end = not_run > kMostNotRun ? first_pending + (kMostNotRun - 1) : steps.end();
  for (auto step = steps.begin(); step != end; ++step) out += StepText(*step, run);
  if (end != steps.end())
    out += fmt::format("  {} and {} more  (not run)\n", Mark(StepState::kPending), steps.end() - end);
}

void AppendRun(std::string& out, const DatabaseRun& run, const RunReport& report) {
  out += fmt::format("{} to {}: {}\n", report.command, report.target, run.database);
  if (!run.driver.empty())
    out += fmt::format("  over a connection of {}: {}\n", run.driver, run.driver_reason);
  if (!run.lock_holder.empty()) {
    out += fmt::format("  waited {:.1f} s for the migration lock, held by {}\n", run.lock_wait.count() / 1000,
                       run.lock_holder);
  }
  AppendSteps(out, run);
  if (!run.heads_known) {
    out += "  the version table was not read\n";
    return;
  }
  if (run.is_in_doubt) {
    out += "  it is not known where the database stands: see `current`\n";
    return;
  }
  if (run.steps.empty()) {
    out += fmt::format("  nothing to do: the database is at {}\n", HeadsText(run.heads_after));
    return;
  }
  if (run.is_callers_transaction) {
    out += fmt::format("  the database is at {} when the caller commits\n", HeadsText(run.heads_after));
    return;
  }
  const auto committed = std::count_if(run.steps.begin(), run.steps.end(), [](const StepReport& step) {
    return step.state == StepState::kCommitted;
  });
  out += fmt::format("  the database is at {} ({} of {} revisions kept)\n", HeadsText(run.heads_after),
                     committed, run.steps.size());
}

void AppendStatus(std::string& out, const DatabaseStatus& status) {
  out += fmt::format("database:  {}\n", status.database);
  out += fmt::format("current:   {}\n", HeadsText(status.current));
  for (const std::string& id : status.unknown) {
    out += fmt::format("unknown:   {} is in the table {}, but no revision file has it\n", id,
                       status.version_table);
  }
}

}  // namespace

std::string_view StepStateName(StepState state) {
  switch (state) {
    case StepState::kPending:
      return "pending";
    case StepState::kApplied:
      return "applied";
    case StepState::kCommitted:
      return "committed";
    case StepState::kRolledBack:
      return "rolled_back";
    case StepState::kInDoubt:
      return "in_doubt";
    case StepState::kFailed:
      return "failed";
  }
  return "pending";
}

int RunReport::StepCount(StepState state) const {
  int count = 0;
  for (const DatabaseRun& run : databases) {
    for (const StepReport& step : run.steps) count += step.state == state ? 1 : 0;
  }
  return count;
}

bool RunReport::nothing_to_do() const {
  return !databases.empty() && std::all_of(databases.begin(), databases.end(), [](const DatabaseRun& run) {
    return run.heads_known && run.steps.empty();
  });
}

std::vector<std::string> StatusReport::current() const {
  std::set<std::string> ids;
  for (const DatabaseStatus& status : databases) ids.insert(status.current.begin(), status.current.end());
  return {ids.begin(), ids.end()};
}

std::vector<std::string> StatusReport::unknown() const {
  std::set<std::string> ids;
  for (const DatabaseStatus& status : databases) ids.insert(status.unknown.begin(), status.unknown.end());
  return {ids.begin(), ids.end()};
}

std::vector<StepReport> StatusReport::pending() const {
  std::set<std::string> seen;
  std::vector<StepReport> steps;
  for (const DatabaseStatus& status : databases) {
    for (const StepReport& step : status.pending) {
      if (seen.insert(step.revision).second) steps.push_back(step);
    }
  }
  return steps;
}

std::string HeadsText(const std::vector<std::string>& heads) {
  return heads.empty() ? "<base>" : fmt::format("{}", fmt::join(heads, ", "));
}

std::string ToText(const RunReport& report) {
  std::string out;
  for (const DatabaseRun& run : report.databases) AppendRun(out, run, report);
  if (report.databases.empty()) out += "env.py ran no migrations: it never called context.run_migrations()\n";
  out += fmt::format("done in {:.0f} ms\n", report.duration.count());
  if (!report.why_not_quick.empty()) {
    out += fmt::format("note: env.py had to be run, which took {:.0f} ms: {}{}\n",
                       report.environment_time.count(), report.why_not_quick,
                       report.remedy.empty() ? "" : "; " + report.remedy);
  }
  return out;
}

std::string ToText(const StatusReport& report) {
  std::string out;
  for (const DatabaseStatus& status : report.databases) AppendStatus(out, status);
  out += fmt::format("head:      {}\n", HeadsText(report.heads));
  out += fmt::format("revisions: {}\n", report.total_revisions);
  const std::vector<StepReport> pending = report.pending();
  if (pending.empty()) {
    out += report.unknown().empty() ? "status:    up to date\n"
                                    : "status:    the database may be ahead of this code\n";
    return out;
  }
  out += fmt::format("status:    {} to run:\n", pending.size());
  for (const StepReport& step : pending) {
    out += fmt::format("  {} -> {}  {}\n", HeadsText(step.down_revisions), step.revision, step.message);
  }
  return out;
}

}  // namespace memstack::migrate
