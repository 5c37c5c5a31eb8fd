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

constexpr std::string_view kInFailedTransaction = "25P02";

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
      version_table_(*call_.session, call_.version_table,
                     [this] { return call_.runner->CreateVersionTable(); }),
      account_(call_.database, call_.version_table.Display(), call_.driver, call_.driver_reason) {}

void Executor::Run() {
  RequireWorkingTransaction();
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
  account_.HeadsRead(version_table_.ReadHeads());
  if (options_.purge) {
    version_table_.Purge();
    account_.Purged();
  }
  const revision::Plan plan = MakePlan();
  // In the transaction of the first step, as under Alembic: a failure there leaves no table behind.
  if (options_.may_change_database && account_.heads().empty()) version_table_.Ensure();
  if (call_.open_other && !plan.steps.empty()) {
    schema_ = version_table_.Schema();
    identity_ = IdentifyDatabase(*call_.session, call_.database);
  }
  for (size_t i = 0; i < plan.steps.size(); ++i) RunStep(plan.steps[i], account_.step(i));
}

revision::Plan Executor::MakePlan() {
  revision::Plan plan = plan_function_(account_.heads());
  for (const std::string& warning : plan.warnings) LogWarning(kMigrationLogger, "{}", warning);
  std::vector<StepReport> steps;
  steps.reserve(plan.steps.size());
  for (const revision::Step& step : plan.steps) steps.push_back(DescribeStep(step));
  account_.Planned(std::move(steps));
  if (options_.on_plan) options_.on_plan(account_.report());
  if (options_.run_functions) {
    for (const revision::Step& step : plan.steps) call_.runner->Load(step);
  }
  return plan;
}

void Executor::RequireWorkingTransaction() const {
  if (call_.session->transaction_status() != pg::TransactionStatus::kInError) return;
  throw Error(ErrorCode::kEnvironment,
              "the connection is in a transaction in which a statement has failed already")
      .State("nothing was changed by this run")
      .Hint("roll it back before the run, or make the statement that failed in a savepoint (begin_nested())");
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

// A session-level lock outlasts the commits of a run, whoever's they are; it is given back when the
// transaction ends that is open at the end of the run. Behind a pooler it would stay with a server connection
// that is no longer ours.
void Executor::TakeLock() {
  const bool is_idle = call_.session->transaction_status() == pg::TransactionStatus::kIdle;
  const bool is_callers = call_.is_callers && call_.transaction_mode == TransactionMode::kCallers &&
                          !call_.session->is_autocommit();
  const bool may_keep_session_lock = options_.session_is_kept || !IsBehindPooler();
  lock_scope_ = !is_callers && may_keep_session_lock ? LockScope::kSession : LockScope::kTransaction;
  // Until the transaction has one of its own.
  std::optional<MigrationLock> before;
  if (lock_scope_ == LockScope::kTransaction) {
    RequireOneTransaction();
    // Waited for outside, where that can be: a REPEATABLE READ transaction sees what its first statement saw.
    if (is_idle && may_keep_session_lock) before.emplace(WaitForLock(LockScope::kSession));
    call_.session->Execute("SELECT 1");  // begins the transaction that the lock lives in
  } else {
    if (is_idle && call_.driver.empty()) pg::PrepareMigrationSession(*call_.session);
    // The name goes when the session is idle again, and it is the caller who ends the transaction then.
    if (!call_.is_callers) session_name_.emplace(*call_.session);
  }
  lock_.emplace(WaitForLock(lock_scope_));
}

MigrationLock Executor::WaitForLock(LockScope scope) {
  MigrationLock lock = MigrationLock::Acquire(call_.session, call_.version_table, scope, options_.lock);
  account_.LockTaken(lock.waited(), lock.waited_for());
  return lock;
}

// PgBouncer makes up the process id that it tells a client; the server's own is another.
bool Executor::IsBehindPooler() const {
  if (call_.backend_pid == 0) return false;
  const pg::Result row = call_.session->ExecuteOutsideTransaction("SELECT pg_catalog.pg_backend_pid()", {});
  return row.value(0, 0) != std::to_string(call_.backend_pid);
}

void Executor::RequireOneTransaction() const {
  if (call_.transaction_mode != TransactionMode::kPerRevision && !call_.session->is_autocommit()) return;
  throw Error(ErrorCode::kUnsupported,
              fmt::format("{} is reached through a pooler, where a lock lasts for one transaction only, and "
                          "this run is to be several transactions",
                          call_.database))
      .State("nothing was changed")
      .Hint(
          "connect to the server itself, or set `pooler = \"session\"` in [tool.memstack_migrate] if the "
          "pooler keeps a "
          "session for each client");
}

void Executor::RunStep(const revision::Step& step, StepReport& report) {
  const bool own_transaction = call_.transaction_mode == TransactionMode::kPerRevision;
  const auto start = Clock::now();
  if (own_transaction) call_.session->Begin();
  account_.StepBegan();
  try {
    LogInfo(kMigrationLogger, "Running {}", step.log);
    if (options_.run_functions) call_.runner->Run(step, account_.operations());
    ApplyVersion(step, report);
    if (own_transaction) call_.session->Commit();
  } catch (...) {
    if (report.state != StepState::kInDoubt) account_.StepFailed(report, call_.session->is_autocommit());
    report.duration = Clock::now() - start;
    // An env.py that catches the failure must not commit half a revision.
    if (call_.transaction_mode != TransactionMode::kCallers) RollbackAfterFailure();
    throw;
  }
  report.duration = Clock::now() - start;
  if (MayKeepSteps()) {
    keeps_steps_ = keeps_steps_ || RunsInNoTransaction();
    if (account_.transaction_ended() || keeps_steps_) KeepStep();
  }
  // A connection in autocommit mode ends no transaction: what ran is kept.
  if (call_.session->transaction_status() == pg::TransactionStatus::kIdle) {
    TransactionEnded(pg::TransactionEnd::kCommitted);
  }
}

void Executor::ApplyVersion(const revision::Step& step, StepReport& report) {
  try {
    version_table_.Apply(step.changes);
  } catch (Error& error) {
    error.Revision(report.revision);
    if (error.sqlstate() == kInFailedTransaction) {
      error.Hint(
          "the revision caught an error of a statement and went on: run that statement inside "
          "op.get_bind().begin_nested()");
    }
    throw;
  }
  account_.StepApplied(report, Sorted(step.heads_after));
  call_.runner->VersionApplied(step, account_.heads());
}

// The revision said COMMIT to a driver that begins once: under Alembic what follows, the other revisions
// included, is committed statement by statement. Here the others are, revision by revision.
bool Executor::RunsInNoTransaction() const {
  return account_.transaction_ended() && !call_.session->is_autocommit() &&
         call_.session->transaction_status() == pg::TransactionStatus::kIdle;
}

// A transaction that env.py began before configure() on its own connection is no longer that one once a
// revision has ended it; one on a connection that the application gave stays the application's.
bool Executor::MayKeepSteps() const {
  if (call_.transaction_mode == TransactionMode::kWholeRun) return true;
  return call_.transaction_mode == TransactionMode::kCallers && !call_.is_callers && call_.driver.empty();
}

// The revision ended the transaction of the run (autocommit_block(), commit()): what it did is kept already,
// so its version row must be kept with it, whatever happens to the revisions after it.
void Executor::KeepStep() {
  call_.session->Commit();
  call_.session->Begin();
  if (lock_scope_ != LockScope::kTransaction) return;
  // That lock went with the transaction; somebody may have run in between.
  TakeLock();
  if (version_table_.ReadHeads() == account_.heads()) return;
  throw Error(ErrorCode::kVersionTable, fmt::format("another run has changed the version table {} meanwhile",
                                                    call_.version_table.Display()))
      .Hint(
          "a revision that commits gives up the lock behind a pooler: connect to the server itself, and run "
          "again");
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

bool Executor::IsLeftToCaller() const {
  if (!call_.is_callers) return false;
  const pg::TransactionStatus status = call_.session->transaction_status();
  // What has failed can only be rolled back; where the caller did not begin it, nobody else does that.
  return status == pg::TransactionStatus::kInTransaction ||
         (status == pg::TransactionStatus::kInError && call_.transaction_mode == TransactionMode::kCallers);
}

// A session-level lock must not stay with a connection that goes back to a pool: the transaction takes it
// over.
void Executor::LeaveLockToTransaction() noexcept {
  if (lock_scope_ != LockScope::kSession || !lock_) return;
  try {
    static_cast<void>(
        MigrationLock::Acquire(call_.session, call_.version_table, LockScope::kTransaction, {}));
  } catch (const std::exception& error) {
    LogWarning(kEngineLogger, "the migration lock ends before the caller's transaction: {}", error.what());
  }
}

void Executor::EnvironmentEnded() noexcept {
  if (IsLeftToCaller()) LeaveLockToTransaction();
  // Some drivers do not say before the next statement that the transaction has failed.
  if (IsLeftToCaller()) {
    account_.LeftToCaller();
    lock_.reset();
    return;
  }
  // Left open by env.py, and nobody else will end it: its locks would stay as long as this process.
  RollbackAfterFailure();
  ReleaseLockIfIdle();
}

std::optional<std::vector<std::string>> Executor::HeadsElsewhere() const {
  if (!schema_ || !identity_) return std::nullopt;
  VersionTableName table = call_.version_table;
  table.schema = *schema_;
  try {
    const std::shared_ptr<pg::Session> other = call_.open_other();
    if (other == nullptr || !IdentifyDatabase(*other, "").SameDatabase(*identity_)) return std::nullopt;
    std::vector<std::string> heads = VersionTable(*other, table).ReadHeads();
    other->Rollback();
    return heads;
  } catch (const Error& error) {
    // A listener may have given the borrowed connection another role, say.
    LogInfo(kEngineLogger, "what was committed could not be looked at from another session: {}",
            error.what());
    return std::nullopt;
  }
}

void Executor::CheckElsewhere() const {
  const DatabaseRun& run = account_.report();
  if (!call_.open_other || run.is_callers_transaction || run.heads_before == run.heads_after) return;
  // Whoever ran meanwhile may have moved it; where it stands as before, nobody has.
  if (HeadsElsewhere() != run.heads_before) return;
  throw Error(ErrorCode::kNotCommitted,
              fmt::format("the driver said that {} is at {}, but another session sees it as it was before",
                          run.database, HeadsText(run.heads_after)))
      .State(fmt::format("{} stands at {}, as before: this run changed nothing", run.database,
                         HeadsText(run.heads_before)))
      .Hint("see whether env.py, or a listener of its engine, rolls the connection back");
}

void Executor::TransactionEnded(pg::TransactionEnd end) {
  account_.TransactionEnded(end);
  if (!running_) ReleaseLockIfIdle();
}

void Executor::ReleaseLockIfIdle() noexcept {
  if (call_.session->transaction_status() != pg::TransactionStatus::kIdle) return;
  lock_.reset();
  session_name_.reset();
}

}  // namespace memstack::migrate
