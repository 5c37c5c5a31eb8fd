#include "pg/transaction_guard.h"

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

class TransactionGuardTest : public testing::Test {
 protected:
  TransactionGuardTest() { connection_->Execute("CREATE TABLE t (i int)"); }
  std::string Count() { return ValueOf(*connection_, "SELECT count(*) FROM t"); }

  TestDatabase database_;
  std::unique_ptr<Connection> connection_ = database_.Connect();
};

TEST_F(TransactionGuardTest, CommitsWhenTold) {
  {
    TransactionGuard transaction(*connection_);
    connection_->Execute("INSERT INTO t VALUES (1)");
    transaction.Commit();
    ExpectError(ErrorCode::kInternal, "twice", [&] { transaction.Commit(); });
  }
  EXPECT_EQ(Count(), "1");
}

TEST_F(TransactionGuardTest, RollsBackWhenNotTold) {
  {
    const TransactionGuard transaction(*connection_);
    connection_->Execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kIdle);
  EXPECT_EQ(Count(), "0");
}

TEST_F(TransactionGuardTest, AFailedRollbackHidesNoError) {
  const auto other = database_.Connect();
  ExpectError(ErrorCode::kConnection, "was lost", [&] {
    const TransactionGuard transaction(*connection_);
    ValueOf(*other, "SELECT pg_terminate_backend(" + std::to_string(connection_->backend_pid()) + ")");
    connection_->Execute("SELECT pg_sleep(5)");
  });
}

TEST_F(TransactionGuardTest, RefusesToNest) {
  const TransactionGuard outer(*connection_);
  ExpectError(ErrorCode::kInternal, "inside another one", [&] { TransactionGuard inner(*connection_); });
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kInTransaction);
}

}  // namespace
}  // namespace memstack::pg
