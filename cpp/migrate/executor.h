// Executes a plan on one database: the loop round lock, transaction, revision and version table.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "migrate/database_identity.h"
#include "migrate/migration_lock.h"
#include "migrate/report.h"
#include "migrate/revision_runner.h"
#include "migrate/run_account.h"
#include "pg/session_name.h"
#include "revision/plan.h"

namespace memstack::migrate {

// What is to run, given where the database stands.
using PlanFunction = std::function<revision::Plan(const std::vector<std::string>& current_heads)>;

// A step as reports show it, not run yet.
StepReport DescribeStep(const revision::Step& step);

struct ExecutorOptions {
  LockOptions lock;
  bool run_functions = true;  // false: stamp, only the version table is written
  bool purge = false;         // empty the version table first (stamp --purge)
  // The user says that a pooler in between keeps a session for each client (`pooler = session`).
  bool session_is_kept = false;
  bool may_change_database = true;                    // false: look only; the plan must come out empty
  std::function<void(const DatabaseRun&)> on_plan;    // called when it is known what will run
  std::optional<DatabaseIdentity> expected_database;  // from the URL that was given, if one was
};

// One call of context.run_migrations(). It must outlive env.py: env.py commits after run_migrations() has
// returned, and only then is it known what was kept, and is the lock released. One thread at a time.
class Executor : public std::enable_shared_from_this<Executor> {
 public:
  static std::shared_ptr<Executor> Make(ExecutorOptions options, PlanFunction plan, MigrationCall call);
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Takes the lock, reads the version table, makes the plan, runs it. Exceptions of a revision come out
  // unchanged. To be called once.
  void Run();

  // To be called when env.py has ended: rolls back what it left open, unless that is the caller's.
  void EnvironmentEnded() noexcept;
  // After a success: throws kNotCommitted if another session sees that nothing was kept. Asks only where the
  // transaction was another driver's, and where such a session can be opened.
  void CheckElsewhere() const;

  // heads_after and the steps' states are what is committed so far.
  const RunAccount& account() const { return account_; }
  // Whether env.py had begun the transaction before it called context.configure(), so that it alone commits
  // it.
  bool is_in_callers_transaction() const { return call_.transaction_mode == TransactionMode::kCallers; }
  // Equal for two runs on one version table; "" before it was found.
  const std::string& place() const { return place_; }

 private:
  Executor(ExecutorOptions options, PlanFunction plan, MigrationCall call);

  void RequireWorkingTransaction() const;
  void CheckDatabase();
  void TakeLock();
  MigrationLock WaitForLock(LockScope scope);
  bool IsBehindPooler() const;
  void RequireOneTransaction() const;
  revision::Plan MakePlan();
  void RunStep(const revision::Step& step, StepReport& report);
  void ApplyVersion(const revision::Step& step, StepReport& report);
  bool MayKeepSteps() const;
  void KeepStep();
  bool RunsInNoTransaction() const;
  void RollbackAfterFailure() noexcept;
  void TransactionEnded(pg::TransactionEnd end);
  void ReleaseLockIfIdle() noexcept;
  bool IsLeftToCaller() const;
  // What another session sees in the version table; nothing where none can be opened, or may look.
  std::optional<std::vector<std::string>> HeadsElsewhere() const;
  void LeaveLockToTransaction() noexcept;

  const ExecutorOptions options_;
  const PlanFunction plan_function_;
  MigrationCall call_;
  VersionTable version_table_;
  std::optional<pg::SessionName> session_name_;  // while the lock is waited for and held
  LockScope lock_scope_ = LockScope::kSession;
  bool keeps_steps_ = false;  // each one, by a commit of its own
  std::optional<MigrationLock> lock_;
  RunAccount account_;
  std::string place_;
  // Where CheckElsewhere looks.
  std::optional<std::string> schema_;
  std::optional<DatabaseIdentity> identity_;
  bool running_ = false;  // within Run: the lock outlasts commits between steps
};

}  // namespace memstack::migrate
