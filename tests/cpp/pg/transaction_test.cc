// What begins and ends a transaction of pg::Connection, and who is told.
#include <gtest/gtest.h>

#include <vector>

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

class TransactionTest : public testing::Test {
 protected:
  TransactionTest() {
    connection_->Execute("CREATE TABLE t (i int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    connection_->OnTransactionEnd([this](TransactionEnd end) { ends_.push_back(end); });
  }
  std::string CountElsewhere() { return ValueOf(*other_, "SELECT count(*) FROM t"); }

  TestDatabase database_;
  std::vector<TransactionEnd> ends_;
  std::unique_ptr<Connection> other_ = database_.Connect();
  std::unique_ptr<Connection> connection_ = database_.Connect();  // last: closing it may report an end
};

using Ends = std::vector<TransactionEnd>;

TEST_F(TransactionTest, BeginCommitAndRollbackAreNoOpsWhereThereIsNothingToDo) {
  connection_->Commit();
  connection_->Rollback();
  connection_->Begin();
  connection_->Execute("INSERT INTO t VALUES (1)");
  connection_->Begin();
  EXPECT_EQ(CountElsewhere(), "0");
  connection_->Commit();
  EXPECT_EQ(CountElsewhere(), "1");
  EXPECT_EQ(ends_, Ends{TransactionEnd::kCommitted});
}

TEST_F(TransactionTest, BeginsByItselfWhenAskedTo) {
  connection_->set_begins_transactions(true);
  connection_->set_transaction_characteristics("ISOLATION LEVEL SERIALIZABLE");
  connection_->Execute("INSERT INTO t VALUES (1)");
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kInTransaction);
  EXPECT_EQ(ValueOf(*connection_, "SHOW transaction_isolation"), "serializable");
  connection_->Rollback();
  EXPECT_EQ(CountElsewhere(), "0");
  connection_->ExecuteOutsideTransaction("SELECT 1", {});
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kIdle);
  EXPECT_EQ(ends_, Ends{TransactionEnd::kRolledBack});
}

TEST_F(TransactionTest, CommitOfAFailedTransactionSaysThatItWasRolledBack) {
  connection_->Begin();
  connection_->Execute("INSERT INTO t VALUES (1)");
  ExpectError(ErrorCode::kSql, "division", [&] { connection_->Execute("SELECT 1/0"); });
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kInError);
  const auto error = ExpectError(ErrorCode::kSql, "it was rolled back", [&] { connection_->Commit(); });
  EXPECT_EQ(error->sqlstate(), "25P02");
  EXPECT_EQ(error->sql(), "[COMMIT]");
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kIdle);
  EXPECT_EQ(CountElsewhere(), "0");
  EXPECT_EQ(ends_, Ends{TransactionEnd::kRolledBack});
}

TEST_F(TransactionTest, ACommitThatTheServerRefusesIsARollback) {
  connection_->Begin();
  connection_->Execute("INSERT INTO t VALUES (1), (1)");
  const auto error = ExpectError(ErrorCode::kSql, "duplicate key", [&] { connection_->Commit(); });
  EXPECT_EQ(error->sqlstate(), "23505");
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kIdle);
  EXPECT_EQ(ends_, Ends{TransactionEnd::kRolledBack});
}

TEST_F(TransactionTest, EndsByStatementsAreSeen) {
  const std::vector<std::pair<std::string, TransactionEnd>> cases = {
      {"COMMIT", TransactionEnd::kCommitted},
      {"end work", TransactionEnd::kCommitted},
      {"ROLLBACK", TransactionEnd::kRolledBack},
      {"abort", TransactionEnd::kRolledBack},
      {"SAVEPOINT s; ROLLBACK TO s; COMMIT", TransactionEnd::kCommitted},
      {"COMMIT; BEGIN; INSERT INTO t VALUES (1)", TransactionEnd::kCommitted},
      {"COMMIT AND CHAIN", TransactionEnd::kCommitted},
      {"COMMIT AND NO CHAIN", TransactionEnd::kCommitted},
      {"ROLLBACK; BEGIN", TransactionEnd::kRolledBack},
      {"SAVEPOINT s; ROLLBACK TO s; COMMIT; START TRANSACTION", TransactionEnd::kCommitted},
      {"rollback\nand chain", TransactionEnd::kRolledBack},
      {"PREPARE TRANSACTION 'p'", TransactionEnd::kRolledBack},
  };
  for (const auto& [sql, end] : cases) {
    ends_.clear();
    connection_->Begin();
    connection_->Execute(sql);
    EXPECT_EQ(ends_, Ends{end}) << sql;
    connection_->Rollback();
  }
  other_->Execute("ROLLBACK PREPARED 'p'");
}

TEST_F(TransactionTest, SavepointsAndStatementsOutsideATransactionEndNothing) {
  connection_->Execute("SELECT 1");
  connection_->Begin();
  connection_->Execute("SAVEPOINT s");
  ExpectError(ErrorCode::kSql, "division", [&] { connection_->Execute("SELECT 1/0"); });
  connection_->Execute("ROLLBACK TO SAVEPOINT s");
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kInTransaction);
  EXPECT_EQ(ends_, Ends{});
}

TEST_F(TransactionTest, ATransactionThatFollowsAtOnceHasAnEndOfItsOwn) {
  connection_->Begin();
  connection_->Execute("COMMIT; BEGIN");
  EXPECT_EQ(ends_, Ends{TransactionEnd::kCommitted});
  connection_->Rollback();
  EXPECT_EQ(ends_, (Ends{TransactionEnd::kCommitted, TransactionEnd::kRolledBack}));
}

TEST_F(TransactionTest, WhatWasCommittedBeforeARefusalInTheSameStringIsTold) {
  connection_->Begin();
  ExpectError(ErrorCode::kSql, "division", [&] { connection_->Execute("COMMIT; BEGIN; SELECT 1/0"); });
  EXPECT_EQ(ends_, Ends{TransactionEnd::kCommitted});
  connection_->Rollback();
  ends_.clear();
  connection_->Begin();
  ExpectError(ErrorCode::kSql, "duplicate key",
              [&] { connection_->Execute("COMMIT; BEGIN; INSERT INTO t VALUES (7), (7); COMMIT"); });
  EXPECT_EQ(ends_, (Ends{TransactionEnd::kCommitted, TransactionEnd::kRolledBack}));
}

TEST_F(TransactionTest, TheHandlerMayUseTheSessionAndItsErrorsHurtNobody) {
  std::string seen;
  connection_->OnTransactionEnd([&](TransactionEnd) {
    seen = ValueOf(*connection_, "SELECT count(*) FROM t");
    throw std::runtime_error("from a handler");
  });
  connection_->Begin();
  connection_->Execute("INSERT INTO t VALUES (1)");
  EXPECT_NO_THROW(connection_->Commit());
  EXPECT_EQ(seen, "1");
}

TEST_F(TransactionTest, CloseInATransactionIsARollback) {
  connection_->Begin();
  connection_->Execute("INSERT INTO t VALUES (1)");
  connection_->Close();
  EXPECT_EQ(ends_, Ends{TransactionEnd::kRolledBack});
}

}  // namespace
}  // namespace memstack::pg
