#include <stdexcept>

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

class CopyTest : public testing::Test {
 protected:
  CopyTest() { connection_->Execute("CREATE TABLE t (i int, x text)"); }
  std::string Count() { return ValueOf(*connection_, "SELECT count(*) FROM t"); }

  TestDatabase database_;
  std::unique_ptr<Connection> connection_ = database_.Connect();
};

TEST_F(CopyTest, DataGoesInAndComesOut) {
  int pieces = 0;
  const Result result = connection_->CopyIn("COPY t FROM STDIN", [&]() -> std::string {
    return ++pieces > 1000 ? "" : std::to_string(pieces) + "\t" + std::string(1000, 'x') + "\n";
  });
  EXPECT_EQ(result.affected_rows(), 1000);
  std::string first;
  int rows = 0;
  connection_->CopyOut("COPY (SELECT i FROM t ORDER BY i) TO STDOUT", [&](std::string_view row) {
    if (++rows == 1) first = row;
  });
  EXPECT_EQ(first, "1\n");
  EXPECT_EQ(rows, 1000);
}

TEST_F(CopyTest, APieceMayHoldManyRows) {
  std::string all;
  for (int i = 0; i < 100000; ++i) all += std::to_string(i) + "\tx\n";
  connection_->CopyIn("COPY t FROM STDIN", [&] { return std::exchange(all, ""); });
  EXPECT_EQ(Count(), "100000");
}

TEST_F(CopyTest, WhatTheSourceThrowsEndsTheCopyAndComesOut) {
  int pieces = 0;
  EXPECT_THROW(connection_->CopyIn("COPY t FROM STDIN",
                                   [&]() -> std::string {
                                     if (++pieces == 3) throw std::domain_error("source");
                                     return "1\tx\n";
                                   }),
               std::domain_error);
  EXPECT_EQ(Count(), "0");
}

TEST_F(CopyTest, WhatTheTargetThrowsEndsTheCopyAndComesOut) {
  EXPECT_THROW(connection_->CopyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT",
                                    [](std::string_view) { throw std::domain_error("target"); }),
               std::domain_error);
  EXPECT_EQ(Count(), "0");
}

TEST_F(CopyTest, BadDataIsTheServersError) {
  int pieces = 0;
  const auto error = ExpectError(ErrorCode::kSql, "invalid input syntax for type integer", [&] {
    connection_->CopyIn("COPY t FROM STDIN", [&] { return ++pieces > 5000 ? "" : std::string("bad\tx\n"); });
  });
  EXPECT_EQ(error->sqlstate(), "22P02");
  EXPECT_EQ(Count(), "0");
}

TEST_F(CopyTest, AnOrdinaryStatementMayNotCopy) {
  ExpectError(ErrorCode::kUnsupported, "copy_expert", [&] { connection_->Execute("COPY t FROM STDIN"); });
  ExpectError(ErrorCode::kUnsupported, "copy_expert", [&] { connection_->Execute("COPY t TO STDOUT"); });
  EXPECT_EQ(Count(), "0");
}

TEST_F(CopyTest, OtherStatementsAreNoCopy) {
  ExpectError(ErrorCode::kUnsupported, "not a COPY ... FROM STDIN",
              [&] { connection_->CopyIn("SELECT 1", [] { return std::string("1"); }); });
  ExpectError(ErrorCode::kUnsupported, "COPY to or from the client",
              [&] { connection_->CopyIn("COPY t TO STDOUT", [] { return std::string(); }); });
  ExpectError(ErrorCode::kUnsupported, "not a COPY ... TO STDOUT",
              [&] { connection_->CopyOut("SELECT 1", [](std::string_view) {}); });
  EXPECT_EQ(Count(), "0");
}

TEST_F(CopyTest, CallbacksMayNotUseTheConnection) {
  ExpectError(ErrorCode::kInternal, "busy", [&] {
    connection_->CopyIn("COPY t FROM STDIN", [&] { return ValueOf(*connection_, "SELECT 1"); });
  });
  EXPECT_EQ(Count(), "0");
}

}  // namespace
}  // namespace memstack::pg
