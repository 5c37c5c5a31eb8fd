#include "migrate/executor.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.h"
#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"
#include "revision/test_graph.h"

namespace memstack::migrate {
namespace {

using Heads = std::vector<std::string>;
using Events = std::vector<std::string>;
using States = std::vector<StepState>;

// Writes down what it is asked for, and runs what a test puts in place of a revision's function.
class FakeRunner final : public RevisionRunner {
 public:
  explicit FakeRunner(Events& events) : events_(events) {}
  void Load(const revision::Step& step) override { events_.push_back("load " + step.revision->id()); }
  void Run(const revision::Step& step, OperationCounts& counts) override {
    events_.push_back("run " + step.revision->id());
    counts.native["execute"] += 1;
    if (const auto found = functions.find(step.revision->id()); found != functions.end()) found->second();
  }
  void VersionApplied(const revision::Step&, const Heads& heads) override {
    events_.push_back("applied " + HeadsText(heads));
  }

  std::map<std::string, std::function<void()>> functions;

 private:
  Events& events_;
};

// Not an Error: what a revision raises is Python's.
struct RevisionRaised : std::runtime_error {
  RevisionRaised() : std::runtime_error("raised") {}
};

// A session as SQLAlchemy leaves one to env.py: its first statement begins a transaction, which the test ends
// as env.py would.
class ExecutorTest : public testing::Test {
 protected:
  ExecutorTest() {
    session_->set_begins_transactions(true);
    options_.on_plan = [this](const DatabaseRun& run) {
      events_.push_back("plan of " + std::to_string(run.steps.size()));
    };
    call_.session = session_;
    call_.runner = runner_;
    call_.database = "test";
  }

  Executor& Make(const std::string& target = "head") {
    executor_ = Executor::Make(
        options_,
        [this, target](const Heads& current) { return revision::PlanUpgrade(graph_, current, {target}); },
        call_);
    return *executor_;
  }
  Executor& Run() {
    Make().Run();
    return *executor_;
  }
  const DatabaseRun& report() const { return executor_->account().report(); }
  States StatesNow() const {
    States states;
    for (const StepReport& step : report().steps) states.push_back(step.state);
    return states;
  }
  // What another session sees: only what is committed.
  Heads HeadsElsewhere() { return VersionTable(*other_, {}).ReadHeads(); }
  bool LockIsFree() { return pg::AdvisoryLock::Try(*other_, {}).has_value(); }
  bool HasTable(const std::string& name) {
    return pg::ValueOf(*other_, "SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
  }
  std::function<void()> Creates(const std::string& table) {
    return [this, table] { session_->Execute("CREATE TABLE " + table + " ()"); };
  }

  pg::TestDatabase database_;
  std::shared_ptr<pg::Connection> session_ = database_.Connect();
  std::shared_ptr<pg::Connection> other_ = database_.Connect();
  const revision::Graph graph_ = revision::MakeGraph("a \n b <- a \n c <- b");
  Events events_;
  std::shared_ptr<FakeRunner> runner_ = std::make_shared<FakeRunner>(events_);
  ExecutorOptions options_;
  MigrationCall call_;
  std::shared_ptr<Executor> executor_;
};

constexpr StepState kPending = StepState::kPending, kApplied = StepState::kApplied,
                    kCommitted = StepState::kCommitted, kRolledBack = StepState::kRolledBack,
                    kFailed = StepState::kFailed;

TEST_F(ExecutorTest, EverythingIsLoadedBeforeTheFirstStepRuns) {
  Run();
  EXPECT_EQ(events_, (Events{"plan of 3", "load a", "load b", "load c", "run a", "applied a", "run b",
                             "applied b", "run c", "applied c"}));
  EXPECT_EQ(report().operations.native.at("execute"), 3);
}

TEST_F(ExecutorTest, LockThenTableThenStep) {
  options_.on_plan = [this](const DatabaseRun&) {
    EXPECT_FALSE(LockIsFree()) << "the plan is made under the lock";
    EXPECT_EQ(session_->transaction_status(), pg::TransactionStatus::kIdle);
  };
  runner_->functions["a"] = [this] {
    EXPECT_EQ(pg::ValueOf(*session_, "SELECT count(*) FROM alembic_version"), "0")
        << "made before the first step";
  };
  runner_->functions["b"] = [this] {
    EXPECT_EQ(pg::ValueOf(*session_, "SELECT version_num FROM alembic_version"), "a")
        << "written after each step";
  };
  Run();
}

TEST_F(ExecutorTest, NothingIsKeptUntilEnvPyCommits) {
  Run();
  EXPECT_EQ(StatesNow(), (States{kApplied, kApplied, kApplied}));
  EXPECT_EQ(report().heads_after, Heads{});
  EXPECT_FALSE(LockIsFree()) << "held until the outermost COMMIT";
  session_->Commit();
  EXPECT_EQ(StatesNow(), (States{kCommitted, kCommitted, kCommitted}));
  EXPECT_EQ(report().heads_after, Heads{"c"});
  EXPECT_EQ(HeadsElsewhere(), Heads{"c"});
  EXPECT_TRUE(LockIsFree());
}

TEST_F(ExecutorTest, WhatEnvPyRollsBackIsReportedSo) {
  Run();
  session_->Rollback();
  EXPECT_EQ(StatesNow(), (States{kRolledBack, kRolledBack, kRolledBack}));
  EXPECT_EQ(report().heads_after, Heads{});
  EXPECT_TRUE(LockIsFree());
}

TEST_F(ExecutorTest, AFailureInOneTransactionKeepsNothing) {
  runner_->functions["b"] = [] { throw RevisionRaised(); };
  EXPECT_THROW(Run(), RevisionRaised);
  EXPECT_EQ(session_->transaction_status(), pg::TransactionStatus::kIdle)
      << "an env.py that catches the failure must not commit half of it";
  EXPECT_EQ(StatesNow(), (States{kRolledBack, kFailed, kPending}));
  EXPECT_FALSE(report().steps[1].has_kept_part);
  EXPECT_EQ(HeadsElsewhere(), Heads{});
  EXPECT_TRUE(LockIsFree());
}

TEST_F(ExecutorTest, AFailureWithATransactionPerRevisionKeepsThoseBefore) {
  call_.transaction_mode = TransactionMode::kPerRevision;
  runner_->functions["a"] = Creates("first");
  runner_->functions["b"] = [this] {
    EXPECT_EQ(HeadsElsewhere(), Heads{"a"});
    EXPECT_FALSE(LockIsFree()) << "the lock outlasts the commits between steps";
    session_->Execute("CREATE TABLE second ()");
    throw RevisionRaised();
  };
  EXPECT_THROW(Run(), RevisionRaised);
  EXPECT_EQ(StatesNow(), (States{kCommitted, kFailed, kPending}));
  EXPECT_EQ(report().heads_after, Heads{"a"});
  EXPECT_EQ(HeadsElsewhere(), Heads{"a"});
  EXPECT_TRUE(HasTable("first"));
  EXPECT_FALSE(HasTable("second"));
  EXPECT_TRUE(LockIsFree());
}

TEST_F(ExecutorTest, ARefusedStatementIsTheSameFailure) {
  call_.transaction_mode = TransactionMode::kPerRevision;
  runner_->functions["b"] = [this] { session_->Execute("SELECT nothing"); };
  pg::ExpectError(ErrorCode::kSql, "nothing", [this] { Run(); });
  EXPECT_EQ(StatesNow(), (States{kCommitted, kFailed, kPending}));
  EXPECT_EQ(session_->transaction_status(), pg::TransactionStatus::kIdle);
}

TEST_F(ExecutorTest, ARevisionThatEndsTheTransactionGetsItsVersionKept) {
  runner_->functions["a"] = Creates("first");
  runner_->functions["b"] = [this] {
    session_->Commit();
    session_->Execute("CREATE TABLE second ()");
  };
  runner_->functions["c"] = [] { throw RevisionRaised(); };
  EXPECT_THROW(Run(), RevisionRaised);
  session_->Rollback();
  EXPECT_EQ(StatesNow(), (States{kCommitted, kCommitted, kFailed}));
  EXPECT_EQ(report().heads_after, Heads{"b"});
  EXPECT_EQ(HeadsElsewhere(), Heads{"b"});
  EXPECT_TRUE(HasTable("second"));
}

TEST_F(ExecutorTest, ARevisionThatRollsBackTakesTheOnesBeforeWithIt) {
  runner_->functions["a"] = Creates("first");
  runner_->functions["b"] = [this] { session_->Rollback(); };
  pg::ExpectError(ErrorCode::kSql, "alembic_version", [this] { Run(); });
  EXPECT_EQ(StatesNow(), (States{kRolledBack, kFailed, kPending}));
  session_->Rollback();
  EXPECT_EQ(HeadsElsewhere(), Heads{});
  EXPECT_FALSE(HasTable("first"));
}

TEST_F(ExecutorTest, AnAutocommitConnectionKeepsEachStepAtOnce) {
  session_->set_begins_transactions(false);
  runner_->functions["b"] = [this] { EXPECT_EQ(StatesNow(), (States{kCommitted, kPending, kPending})); };
  runner_->functions["c"] = [] { throw RevisionRaised(); };
  EXPECT_THROW(Run(), RevisionRaised);
  EXPECT_EQ(StatesNow(), (States{kCommitted, kCommitted, kFailed}));
  EXPECT_EQ(report().heads_after, Heads{"b"});
  EXPECT_TRUE(LockIsFree());
}

TEST_F(ExecutorTest, AFailureAfterACommitOfItsOwnSaysThatAPartIsKept) {
  runner_->functions["a"] = [this] {
    session_->Execute("CREATE TABLE part ()");
    session_->Commit();
    throw RevisionRaised();
  };
  EXPECT_THROW(Run(), RevisionRaised);
  EXPECT_TRUE(report().steps[0].has_kept_part);
  EXPECT_TRUE(HasTable("part"));
  EXPECT_EQ(report().heads_after, Heads{});
}

TEST_F(ExecutorTest, ACallersTransactionIsTheirsToEnd) {
  call_.transaction_mode = TransactionMode::kCallers;
  runner_->functions["b"] = [] { throw RevisionRaised(); };
  session_->Begin();
  EXPECT_THROW(Run(), RevisionRaised);
  EXPECT_EQ(session_->transaction_status(), pg::TransactionStatus::kInTransaction);
  EXPECT_FALSE(LockIsFree());
  session_->Rollback();
  EXPECT_TRUE(LockIsFree());
  EXPECT_EQ(HeadsElsewhere(), Heads{});
}

TEST_F(ExecutorTest, WhatEnvPyLeftOpenIsRolledBackAfterIt) {
  Run();
  executor_->EnvironmentEnded();
  EXPECT_EQ(StatesNow(), (States{kRolledBack, kRolledBack, kRolledBack}));
  EXPECT_TRUE(executor_->account().has_lost_work());
  EXPECT_TRUE(LockIsFree());
}

// A pooler tells its clients another process id than the server has.
TEST_F(ExecutorTest, BehindAPoolerTheLockLivesInTheTransaction) {
  call_.backend_pid = session_->backend_pid() + 1;
  Run();
  EXPECT_FALSE(LockIsFree());
  executor_.reset();
  EXPECT_FALSE(LockIsFree()) << "the server gives it back, not the executor";
  session_->Commit();
  EXPECT_TRUE(LockIsFree());
  EXPECT_EQ(HeadsElsewhere(), Heads{"c"});
}

TEST_F(ExecutorTest, BehindAPoolerSeveralTransactionsAreRefusedUnlessTheUserVouches) {
  call_.backend_pid = session_->backend_pid() + 1;
  call_.transaction_mode = TransactionMode::kPerRevision;
  pg::ExpectError(ErrorCode::kUnsupported, "through a pooler", [this] { Run(); });
  EXPECT_TRUE(events_.empty());
  options_.session_is_kept = true;
  Run();
  EXPECT_EQ(StatesNow(), (States{kCommitted, kCommitted, kCommitted}));
}

TEST_F(ExecutorTest, TheVersionTableIsReadAfterTheLockWasWaitedFor) {
  VersionTable table(*other_, {});
  auto held = pg::AdvisoryLock::Try(*other_, {});
  options_.lock.sleep = [&](std::chrono::milliseconds) {
    table.Ensure();
    table.Apply({{revision::VersionChange::Kind::kInsert, "", "c"}});
    held.reset();
  };
  Run();
  EXPECT_EQ(events_, Events{"plan of 0"});
  EXPECT_EQ(report().heads_before, Heads{"c"});
  EXPECT_NE(report().lock_holder, "");
  EXPECT_TRUE(LockIsFree()) << "no transaction was begun, so nobody else will give it back";
}

TEST_F(ExecutorTest, LookingTakesNoLockAndMakesNoTable) {
  const auto held = pg::AdvisoryLock::Try(*other_, {});
  options_.may_change_database = false;
  executor_ = Executor::Make(
      options_, [](const Heads&) { return revision::Plan(); }, call_);
  executor_->Run();
  EXPECT_FALSE(HasTable("alembic_version"));
  EXPECT_EQ(session_->transaction_status(), pg::TransactionStatus::kIdle);
}

TEST_F(ExecutorTest, AStampRunsNoFunction) {
  options_.run_functions = false;
  executor_ = Executor::Make(
      options_, [this](const Heads& current) { return revision::PlanStamp(graph_, current, {"b"}); }, call_);
  executor_->Run();
  session_->Commit();
  EXPECT_EQ(events_, (Events{"plan of 1", "applied b"}));
  EXPECT_EQ(HeadsElsewhere(), Heads{"b"});
}

TEST_F(ExecutorTest, APurgeForgetsRowsThatNoFileHas) {
  other_->Execute(
      "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('x')");
  options_.run_functions = false;
  options_.purge = true;
  executor_ = Executor::Make(
      options_, [this](const Heads& current) { return revision::PlanStamp(graph_, current, {"a"}); }, call_);
  executor_->Run();
  session_->Commit();
  EXPECT_EQ(HeadsElsewhere(), Heads{"a"});
}

TEST_F(ExecutorTest, AnotherDatabaseThanTheUrlsIsRefusedBeforeAnything) {
  const pg::TestDatabase elsewhere;
  options_.expected_database = IdentifyDatabase(*elsewhere.Connect(), "elsewhere on host:1");
  pg::ExpectError(ErrorCode::kWrongDatabase,
                  "env.py connects to test, but the URL given to this command names elsewhere",
                  [this] { Run(); });
  EXPECT_TRUE(events_.empty());
  EXPECT_TRUE(LockIsFree());
  options_.expected_database = IdentifyDatabase(*other_, "the same, by another name");
  Run();
  EXPECT_EQ(events_.front(), "plan of 3");
}

TEST_F(ExecutorTest, AFileThatDoesNotLoadStopsTheRunBeforeItBegan) {
  struct Refusing final : RevisionRunner {
    void Load(const revision::Step& step) override {
      if (step.revision->id() == "c") throw Error(ErrorCode::kRevisionFile, "c cannot be loaded");
    }
    void Run(const revision::Step&, OperationCounts&) override { ADD_FAILURE() << "ran"; }
    void VersionApplied(const revision::Step&, const Heads&) override {}
  };
  call_.runner = std::make_shared<Refusing>();
  pg::ExpectError(ErrorCode::kRevisionFile, "c cannot be loaded", [this] { Run(); });
  EXPECT_EQ(StatesNow(), (States{kPending, kPending, kPending}));
  EXPECT_FALSE(HasTable("alembic_version"));
  EXPECT_TRUE(LockIsFree());
}

TEST_F(ExecutorTest, ALostConnectionIsReportedAsNotKept) {
  runner_->functions["b"] = [this] {
    other_->Execute("SELECT pg_terminate_backend(" + std::to_string(session_->backend_pid()) + ")");
    session_->Execute("SELECT 1");
  };
  pg::ExpectError(ErrorCode::kConnection, "", [this] { Run(); });
  EXPECT_EQ(StatesNow(), (States{kRolledBack, kFailed, kPending}));
  EXPECT_EQ(HeadsElsewhere(), Heads{});
}

}  // namespace
}  // namespace memstack::migrate
