#include "migrate/migration_lock.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::migrate {
namespace {

using std::chrono::milliseconds;

// A clock that moves only when the lock sleeps.
class MigrationLockTest : public testing::Test {
 protected:
  MigrationLockTest() {
    options_.sleep = [this](milliseconds pause) {
      pauses_.push_back(pause.count());
      now_ += pause;
      if (on_sleep_) on_sleep_();
    };
    options_.now = [this] { return now_; };
  }

  MigrationLock Acquire(LockScope scope = LockScope::kSession) {
    return MigrationLock::Acquire(first_, table_, scope, options_);
  }
  bool IsFree() { return pg::AdvisoryLock::Try(*second_, {}).has_value(); }

  pg::TestDatabase database_;
  std::shared_ptr<pg::Connection> first_ = database_.Connect();
  std::shared_ptr<pg::Connection> second_ = database_.Connect();
  const VersionTableName table_;
  LockOptions options_;
  std::chrono::steady_clock::time_point now_;
  std::vector<int64_t> pauses_;
  std::function<void()> on_sleep_;
};

TEST_F(MigrationLockTest, AFreeLockIsTakenAtOnceAndGivenBack) {
  {
    const MigrationLock lock = Acquire();
    EXPECT_FALSE(IsFree());
    EXPECT_EQ(lock.waited().count(), 0);
    EXPECT_EQ(lock.waited_for(), "");
  }
  EXPECT_TRUE(IsFree());
  EXPECT_TRUE(pauses_.empty());
}

TEST_F(MigrationLockTest, AMovedLockIsHeldOnce) {
  std::optional<MigrationLock> kept;
  {
    MigrationLock lock = Acquire();
    kept.emplace(std::move(lock));
  }
  EXPECT_FALSE(IsFree());
  kept.reset();
  EXPECT_TRUE(IsFree());
}

TEST_F(MigrationLockTest, PausesGrowToTheLongestAndTheLastTryIsAtTheLimit) {
  const auto held = pg::AdvisoryLock::Try(*second_, {});
  options_.timeout = milliseconds(2000);
  pg::ExpectError(ErrorCode::kLockTimeout, "waited 2.0 s for the migration lock of alembic_version",
                  [this] { Acquire(); });
  EXPECT_EQ(pauses_, (std::vector<int64_t>{20, 40, 80, 160, 320, 500, 500, 380}));
}

TEST_F(MigrationLockTest, ALimitOfZeroDoesNotWait) {
  const auto held = pg::AdvisoryLock::Try(*second_, {});
  options_.timeout = milliseconds(0);
  pg::ExpectError(ErrorCode::kLockTimeout, "waited 0.0 s", [this] { Acquire(); });
  EXPECT_TRUE(pauses_.empty());
}

TEST_F(MigrationLockTest, WithoutALimitItWaitsUntilTheLockIsFree) {
  auto held = pg::AdvisoryLock::Try(*second_, {});
  options_.timeout.reset();
  on_sleep_ = [&] {
    if (pauses_.size() == 2000) held.reset();
  };
  EXPECT_GT(Acquire().waited(), std::chrono::minutes(15));
}

TEST_F(MigrationLockTest, TheHolderIsNamed) {
  second_->Execute("SET application_name = 'the other run'");
  auto held = pg::AdvisoryLock::Try(*second_, {});
  options_.timeout = milliseconds(30);
  const auto error = pg::ExpectError(ErrorCode::kLockTimeout, "the other run", [this] { Acquire(); });
  ASSERT_TRUE(error);
  EXPECT_NE(error->Describe().find("server process " + std::to_string(second_->backend_pid())),
            std::string::npos);
  EXPECT_EQ(error->state(), "nothing was changed by this run");
  on_sleep_ = [&] { held.reset(); };
  const MigrationLock lock = Acquire();
  EXPECT_NE(lock.waited_for().find("the other run"), std::string::npos) << lock.waited_for();
  EXPECT_EQ(lock.waited(), milliseconds(20));
}

TEST_F(MigrationLockTest, WaitingBeginsNoTransaction) {
  auto held = pg::AdvisoryLock::Try(*second_, {});
  first_->set_begins_transactions(true);
  on_sleep_ = [&] {
    EXPECT_EQ(first_->transaction_status(), pg::TransactionStatus::kIdle);
    held.reset();
  };
  const MigrationLock lock = Acquire();
  EXPECT_EQ(pauses_.size(), 1U);
}

TEST_F(MigrationLockTest, InATransactionTheServerGivesItBack) {
  first_->Begin();
  { const MigrationLock lock = Acquire(LockScope::kTransaction); }
  EXPECT_FALSE(IsFree()) << "the object's end is not the transaction's";
  first_->Rollback();
  EXPECT_TRUE(IsFree());
}

TEST_F(MigrationLockTest, AnExceptionEndsTheWait) {
  const auto held = pg::AdvisoryLock::Try(*second_, {});
  on_sleep_ = [] { throw Error(ErrorCode::kInterrupted, "stop"); };
  pg::ExpectError(ErrorCode::kInterrupted, "stop", [this] { Acquire(); });
}

}  // namespace
}  // namespace memstack::migrate
