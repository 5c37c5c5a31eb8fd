#include "migrate/executor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "pg/migration_session.h"

namespace memstack::migrate {
namespace {

using Clock = std::chrono::steady_clock;

std::string_view DirectionName(revision::Direction direction) {
  switch (direction) {
    case revision::Direction::kUpgrade:
      return "upgrade";
    case revision::Direction::kDowngrade:
      return "downgrade";
    case revision::Direction::kStamp:
      return "stamp";
  }
  return "";
}

std::vector<std::string> Sorted(std::vector<std::string> heads) {
  std::sort(heads.begin(), heads.end());
  return heads;
}

}  // namespace

StepReport DescribeStep(const revision::Step& step) {
  StepReport report;
  report.direction = DirectionName(step.direction);
  report.down_revisions = step.down_revisions;
  if (step.revision == nullptr) {
    report.revision = fmt::format("{}", fmt::join(step.up_revisions, ", "));
    return report;
  }
  report.revision = step.revision->id();
  report.message = step.revision->header.message;
  report.file = step.revision->header.file;
  return report;
}

std::shared_ptr<Executor> Executor::Make(ExecutorOptions options, PlanFunction plan, MigrationCall call) {
  return std::shared_ptr<Executor>(new Executor(std::move(options), std::move(plan), std::move(call)));
}

Executor::Executor(ExecutorOptions options, PlanFunction plan, MigrationCall call)
    : options_(std::move(options)),
      plan_function_(std::move(plan)),
      call_(std::move(call)),
      version_table_(*call_.session, call_.version_table) {
  report_.database = call_.database;
  report_.version_table = call_.version_table.Display();
}

void Executor::Run() {
  CheckDatabase();
  call_.session->OnTransactionEnd([weak = weak_from_this()](pg::TransactionEnd end) {
    if (const auto self = weak.lock()) self->TransactionEnded(end);
  });
  running_ = true;
  // The lock is kept until the transaction that env.py owns has ended; if there is none, until here.
  struct Finish {
    Executor* self;
    ~Finish() {
      self->running_ = false;
      self->ReleaseLockIfIdle();
    }
  } const finish{this};
  if (options_.may_change_database) TakeLock();
  place_ = fmt::format("{}: {}", call_.database, version_table_.Place());
  if (options_.purge) {
    version_table_.Purge();
  } else {
    heads_ = report_.heads_before = report_.heads_after = version_table_.ReadHeads();
  }
  report_.heads_known = true;
  const revision::Plan plan = plan_function_(heads_);
  for (const std::string& warning : plan.warnings) LogWarning(kMigrationLogger, "{}", warning);
  for (const revision::Step& step : plan.steps) report_.steps.push_back(DescribeStep(step));
  if (options_.on_plan) options_.on_plan(report_);
  if (options_.run_functions) {
    for (const revision::Step& step : plan.steps) call_.runner->Load(step);
  }
  if (options_.may_change_database && heads_.empty()) EnsureVersionTable();
  for (size_t i = 0; i < plan.steps.size(); ++i) RunStep(plan.steps[i], report_.steps[i]);
}

void Executor::CheckDatabase() {
  if (!options_.expected_database) return;
  const DatabaseIdentity actual = IdentifyDatabase(*call_.session, call_.database);
  if (actual.SameDatabase(*options_.expected_database)) return;
  throw Error(ErrorCode::kWrongDatabase,
              fmt::format("env.py connects to {}, but the URL given to this command names {}", actual.display,
                          options_.expected_database->display))
      .State("nothing was changed")
      .Hint(
          "make env.py take the URL from the same place, or leave the URL to env.py (no --url, no "
          "MEMSTACK_MIGRATE_URL, no url setting)");
}

void Executor::TakeLock() {
  const bool in_transaction = call_.session->transaction_status() != pg::TransactionStatus::kIdle;
  if (!in_transaction) pg::PrepareMigrationSession(*call_.session);
  session_name_.emplace(*call_.session);
  lock_.emplace(MigrationLock::Acquire(call_.session, call_.version_table,
                                       in_transaction ? LockScope::kTransaction : LockScope::kSession,
                                       options_.lock));
  report_.lock_wait = lock_->waited();
  report_.lock_holder = lock_->waited_for();
}

void Executor::EnsureVersionTable() {
  if (call_.transaction_mode != TransactionMode::kPerRevision) return version_table_.Ensure();
  call_.session->Begin();
  version_table_.Ensure();
  call_.session->Commit();
}

void Executor::RunStep(const revision::Step& step, StepReport& report) {
  const bool own_transaction = call_.transaction_mode == TransactionMode::kPerRevision;
  const auto start = Clock::now();
  if (own_transaction) call_.session->Begin();
  transaction_ended_ = false;
  try {
    LogInfo(kMigrationLogger, "Running {}", step.log);
    if (options_.run_functions) call_.runner->Run(step, report_.operations);
    version_table_.Apply(step.changes);
    heads_ = Sorted(step.heads_after);
    report.state = StepState::kApplied;
    call_.runner->VersionApplied(step, heads_);
  } catch (...) {
    report.state = StepState::kFailed;
    report.duration = Clock::now() - start;
    // An env.py that catches the failure must not commit half a revision.
    if (call_.transaction_mode != TransactionMode::kCallers) RollbackAfterFailure();
    throw;
  }
  report.duration = Clock::now() - start;
  if (own_transaction) {
    call_.session->Commit();
  } else if (transaction_ended_ && call_.transaction_mode == TransactionMode::kWholeRun) {
    // The revision ended env.py's transaction (autocommit_block(), commit()): what it did is kept already, so
    // its version row must be kept with it, whatever happens to the revisions after it.
    call_.session->Commit();
    call_.session->Begin();
  }
  // A connection in autocommit mode ends no transaction: what ran is kept.
  if (call_.session->transaction_status() == pg::TransactionStatus::kIdle)
    TransactionEnded(pg::TransactionEnd::kCommitted);
}

void Executor::RollbackAfterFailure() noexcept {
  const pg::TransactionStatus status = call_.session->transaction_status();
  if (status == pg::TransactionStatus::kIdle || status == pg::TransactionStatus::kUnknown) return;
  try {
    call_.session->Rollback();
  } catch (const std::exception& error) {
    LogWarning(kEngineLogger, "the rollback after a failed revision failed, too: {}", error.what());
  }
}

void Executor::TransactionEnded(pg::TransactionEnd end) {
  transaction_ended_ = true;
  const bool committed = end == pg::TransactionEnd::kCommitted;
  for (StepReport& step : report_.steps) {
    if (step.state == StepState::kApplied)
      step.state = committed ? StepState::kCommitted : StepState::kRolledBack;
  }
  if (committed) {
    report_.heads_after = heads_;
  } else {
    heads_ = report_.heads_after;
  }
  if (!running_) ReleaseLockIfIdle();
}

void Executor::ReleaseLockIfIdle() noexcept {
  if (call_.session->transaction_status() != pg::TransactionStatus::kIdle) return;
  lock_.reset();
  session_name_.reset();
}

}  // namespace memstack::migrate
