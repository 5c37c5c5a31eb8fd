#include "pg/advisory_lock.h"

#include <utility>

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

class AdvisoryLockTest : public testing::Test {
 protected:
  TestDatabase database_;
  std::unique_ptr<Connection> first_ = database_.Connect();
  std::unique_ptr<Connection> second_ = database_.Connect();
  const LockName name_;
};

TEST_F(AdvisoryLockTest, OneSessionAtATime) {
  auto lock = AdvisoryLock::Try(*first_, name_);
  ASSERT_TRUE(lock);
  EXPECT_FALSE(AdvisoryLock::Try(*second_, name_));
  lock->Release();
  EXPECT_FALSE(lock->is_held());
  EXPECT_TRUE(AdvisoryLock::Try(*second_, name_));
  EXPECT_TRUE(AdvisoryLock::Try(*first_, name_)) << "the guard that was dropped at once gave it back";
}

TEST_F(AdvisoryLockTest, MovedFromGuardsHoldNothing) {
  auto lock = AdvisoryLock::Try(*first_, name_);
  AdvisoryLock moved = std::move(*lock);
  lock.reset();
  EXPECT_TRUE(moved.is_held());
  EXPECT_FALSE(AdvisoryLock::Try(*second_, name_));
  auto other = AdvisoryLock::Try(*first_, {.schema = "elsewhere"});
  moved = std::move(*other);
  EXPECT_TRUE(AdvisoryLock::Try(*second_, name_)) << "assignment gives the old one back";
}

TEST_F(AdvisoryLockTest, NamesMakeTheKey) {
  const auto lock = AdvisoryLock::Try(*first_, name_);
  EXPECT_FALSE(AdvisoryLock::Try(*second_, {.schema = "public"})) << "the current schema by its name";
  EXPECT_TRUE(AdvisoryLock::Try(*second_, {.schema = "elsewhere"}));
  EXPECT_TRUE(AdvisoryLock::Try(*second_, {.schema = std::nullopt, .table = "another"}));
  EXPECT_EQ(std::to_string(lock->key()),
            ValueOf(*first_, "SELECT hashtextextended('memstack_migrate/" + database_.name() +
                                 "/public/alembic_version', 0)"));
}

TEST_F(AdvisoryLockTest, SurvivesCommitAndAChangedSearchPath) {
  auto lock = AdvisoryLock::Try(*first_, name_);
  first_->Execute("BEGIN; CREATE SCHEMA s; COMMIT; SET search_path = s");
  EXPECT_FALSE(AdvisoryLock::Try(*second_, name_));
  lock.reset();
  EXPECT_TRUE(AdvisoryLock::Try(*second_, name_));
}

TEST_F(AdvisoryLockTest, GoesWithItsSessionAndReleasingThenIsQuiet) {
  auto lock = AdvisoryLock::Try(*first_, name_);
  first_->Close();
  lock->Release();
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (AdvisoryLock::Try(*second_, name_)) return;
    second_->Execute("SELECT pg_sleep(0.02)");
  }
  ADD_FAILURE() << "the lock outlived its session";
}

TEST_F(AdvisoryLockTest, DoesNotBeginATransaction) {
  first_->set_begins_transactions(true);
  const auto lock = AdvisoryLock::Try(*first_, name_);
  EXPECT_EQ(first_->transaction_status(), TransactionStatus::kIdle);
}

TEST_F(AdvisoryLockTest, TransactionLockEndsWithTheTransaction) {
  ExpectError(ErrorCode::kInternal, "outside a transaction",
              [&] { return TryTransactionLock(*first_, name_); });
  first_->Begin();
  EXPECT_TRUE(TryTransactionLock(*first_, name_));
  EXPECT_FALSE(AdvisoryLock::Try(*second_, name_)) << "both levels are one lock";
  first_->Commit();
  EXPECT_TRUE(AdvisoryLock::Try(*second_, name_));
}

TEST_F(AdvisoryLockTest, TheHolderIsNamed) {
  EXPECT_FALSE(FindLockHolder(*second_, name_));
  first_->Execute("SET application_name = 'the first one'");
  const auto lock = AdvisoryLock::Try(*first_, name_);
  const auto holder = FindLockHolder(*second_, name_);
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->pid, first_->backend_pid());
  EXPECT_EQ(holder->user, first_->user());
  EXPECT_EQ(holder->application_name, "the first one");
  EXPECT_EQ(holder->state, "idle");
  EXPECT_TRUE(holder->connected_since);
  EXPECT_TRUE(holder->query_since);
  EXPECT_FALSE(FindLockHolder(*second_, {.schema = "elsewhere"}));
}

TEST_F(AdvisoryLockTest, WithoutPrivilegesLessIsKnownOfTheHolder) {
  const auto lock = AdvisoryLock::Try(*first_, name_);
  second_->Execute("CREATE ROLE memstack_test_nobody");
  second_->Execute("SET ROLE memstack_test_nobody");
  const auto holder = FindLockHolder(*second_, name_);
  second_->Execute("RESET ROLE; DROP ROLE memstack_test_nobody");
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->pid, first_->backend_pid());
  EXPECT_EQ(holder->user, first_->user());
  EXPECT_EQ(holder->state, std::nullopt);
  EXPECT_EQ(holder->connected_since, std::nullopt);
}

}  // namespace
}  // namespace memstack::pg
