#include "pg/connection.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "pg/expect_error.h"
#include "pg/interrupt.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

using namespace std::chrono_literals;

class ConnectionTest : public testing::Test {
 protected:
  TestDatabase database_;
  std::unique_ptr<Connection> connection_ = database_.Connect();
};

TEST_F(ConnectionTest, RowsComeAsTextAndNullsAsNothing) {
  const std::vector<Parameter> parameters = {"7", std::nullopt};
  const Result result =
      connection_->Execute("SELECT $1::int AS n, $2::text AS t, 'ä' AS u, true AS b", parameters);
  ASSERT_TRUE(result.has_rows());
  EXPECT_EQ(result.row_count(), 1);
  EXPECT_EQ(result.column_count(), 4);
  EXPECT_EQ(result.value(0, 0), "7");
  EXPECT_EQ(result.value(0, 1), std::nullopt);
  EXPECT_EQ(result.value(0, 2), "ä");
  EXPECT_EQ(result.value(0, 3), "t");
  EXPECT_EQ(result.column(0).name, "n");
  EXPECT_EQ(result.column(0).type_oid, 23U);
  EXPECT_EQ(result.column(0).size, 4);
  EXPECT_EQ(result.column(1).size, -1);
}

TEST_F(ConnectionTest, TagsAndCountsOfStatementsWithoutRows) {
  const Result made = connection_->Execute("CREATE TABLE t (i int)");
  EXPECT_FALSE(made.has_rows());
  EXPECT_EQ(made.command_tag(), "CREATE TABLE");
  EXPECT_EQ(made.affected_rows(), std::nullopt);
  const Result filled = connection_->Execute("INSERT INTO t SELECT generate_series(1, 5)");
  EXPECT_EQ(filled.command_tag(), "INSERT 0 5");
  EXPECT_EQ(filled.affected_rows(), 5);
  EXPECT_EQ(connection_->Execute("").command_tag(), "");
  EXPECT_EQ(connection_->Execute(" -- nothing").affected_rows(), std::nullopt);
}

TEST_F(ConnectionTest, OfSeveralStatementsTheLastResultIsGiven) {
  const Result result =
      connection_->Execute("CREATE TABLE t (i int); INSERT INTO t VALUES (3); SELECT i FROM t");
  EXPECT_EQ(result.value(0, 0), "3");
}

TEST_F(ConnectionTest, OfSeveralStatementsEachResultIsGivenWhereAsked) {
  const std::vector<Result> results =
      connection_->ExecuteEach("CREATE TABLE t (i int); INSERT INTO t VALUES (3); SELECT i FROM t;");
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].command_tag(), "CREATE TABLE");
  EXPECT_EQ(results[1].affected_rows(), 1);
  EXPECT_EQ(results[2].value(0, 0), "3");
  EXPECT_EQ(connection_->ExecuteEach("").size(), 1U);
  ExpectError(ErrorCode::kSql, "division by zero", [&] { connection_->ExecuteEach("SELECT 1; SELECT 1/0"); });
}

TEST_F(ConnectionTest, OfSeveralStatementsTheFirstErrorIsGivenAndNothingAfterItRuns) {
  const auto error = ExpectError(ErrorCode::kSql, "division by zero", [&] {
    connection_->Execute("CREATE TABLE t (i int); SELECT 1/0; SELECT nonsense");
  });
  EXPECT_EQ(error->sqlstate(), "22012");
  EXPECT_EQ(ValueOf(*connection_, "SELECT to_regclass('t') IS NULL"), "t");
}

TEST_F(ConnectionTest, ErrorsCarryAllThatTheServerSaid) {
  connection_->Execute("CREATE TABLE t (i int CONSTRAINT positive CHECK (i > 0))");
  const auto refused = ExpectError(ErrorCode::kSql, "violates check constraint",
                                   [&] { connection_->Execute("INSERT INTO t VALUES (-1)"); });
  const ServerDiagnostics& said = *refused->diagnostics();
  EXPECT_EQ(said.sqlstate, "23514");
  EXPECT_EQ(said.severity, "ERROR");
  EXPECT_EQ(said.detail, "Failing row contains (-1).");
  EXPECT_EQ(said.schema_name, "public");
  EXPECT_EQ(said.table_name, "t");
  EXPECT_EQ(said.constraint_name, "positive");
  EXPECT_FALSE(said.source_function.empty());
  EXPECT_GT(said.source_line, 0);
  EXPECT_EQ(refused->sql(), "INSERT INTO t VALUES (-1)");

  const auto unknown = ExpectError(ErrorCode::kSql, "column \"ix\" does not exist",
                                   [&] { connection_->Execute("SELECT 'ä', ix FROM t"); });
  EXPECT_EQ(unknown->diagnostics()->position, 13);
  EXPECT_NE(unknown->diagnostics()->hint.find("t.i"), std::string::npos);

  const auto inside = ExpectError(ErrorCode::kSql, "division by zero",
                                  [&] { connection_->Execute("DO $$ BEGIN PERFORM 1/0; END $$"); });
  EXPECT_NE(inside->diagnostics()->context.find("PERFORM"), std::string::npos);
}

TEST_F(ConnectionTest, NulCharactersAreRefusedInsteadOfCuttingTheStatement) {
  const std::string sql("SELECT 1\0; SELECT 2", 19);
  ExpectError(ErrorCode::kSql, "NUL character", [&] { connection_->Execute(sql); });
  const std::vector<Parameter> values = {std::string("a\0b", 3)};
  ExpectError(ErrorCode::kSql, "NUL character", [&] { connection_->Execute("SELECT $1::text", values); });
  EXPECT_EQ(ValueOf(*connection_, "SELECT 1"), "1");
}

TEST_F(ConnectionTest, LargeStatementsAndResultsPass) {
  const std::string text(8 << 20, 'x');
  const Result result = connection_->Execute("SELECT '" + text + "'");
  EXPECT_EQ(result.value(0, 0)->size(), text.size());
}

TEST_F(ConnectionTest, NoticesReachTheHandler) {
  std::vector<Notice> notices;
  connection_->OnNotice([&](const Notice& notice) { notices.push_back(notice); });
  connection_->Execute("DO $$ BEGIN RAISE WARNING 'mind %', 1 USING HINT = 'h', DETAIL = 'd'; END $$");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].severity, "WARNING");
  EXPECT_EQ(notices[0].message, "mind 1");
  EXPECT_EQ(notices[0].detail, "d");
  EXPECT_EQ(notices[0].hint, "h");
  EXPECT_EQ(notices[0].sqlstate, "01000");
  connection_->OnNotice([](const Notice&) { throw std::runtime_error("from a handler"); });
  EXPECT_NO_THROW(connection_->Execute("DO $$ BEGIN RAISE NOTICE 'x'; END $$"));
}

TEST_F(ConnectionTest, TellsWhereItIs) {
  EXPECT_EQ(connection_->database(), database_.name());
  EXPECT_EQ(connection_->server_parameter("client_encoding"), "UTF8");
  EXPECT_EQ(connection_->server_parameter("nonsense"), "");
  EXPECT_EQ(std::to_string(connection_->server_version()), ValueOf(*connection_, "SHOW server_version_num"));
  EXPECT_EQ(std::to_string(connection_->backend_pid()), ValueOf(*connection_, "SELECT pg_backend_pid()"));
  EXPECT_EQ(connection_->user(), ValueOf(*connection_, "SELECT current_user"));
}

TEST_F(ConnectionTest, AnotherThreadMayCancel) {
  connection_->Execute("BEGIN");
  std::thread canceller([&] {
    std::this_thread::sleep_for(200ms);
    connection_->Cancel();
  });
  const auto start = std::chrono::steady_clock::now();
  const auto error = ExpectError(ErrorCode::kSql, "canceling statement due to user request",
                                 [&] { connection_->Execute("SELECT pg_sleep(20)"); });
  canceller.join();
  EXPECT_EQ(error->sqlstate(), "57014");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kInError);
}

class InterruptedConnectionTest : public ConnectionTest {
 protected:
  void TearDown() override { SetInterruptCheck({}); }
  // Throws from the `count`th check on.
  void InterruptAfter(int count) {
    SetInterruptCheck([this, count] {
      if (++checks_ >= count) throw std::domain_error("interrupted");
    });
  }
  int checks_ = 0;
};

TEST_F(InterruptedConnectionTest, AWaitEndsAndTheConnectionGoesOn) {
  InterruptAfter(3);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(connection_->Execute("SELECT pg_sleep(20)"), std::domain_error);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  SetInterruptCheck({});
  EXPECT_TRUE(connection_->is_open());
  EXPECT_EQ(ValueOf(*connection_, "SELECT 1"), "1");
}

TEST_F(InterruptedConnectionTest, ManyQuickStatementsNeverAsked) {
  InterruptAfter(3);
  const auto start = std::chrono::steady_clock::now();
  const auto run_many = [&] {
    while (std::chrono::steady_clock::now() - start < 5s) connection_->Execute("SELECT 1");
  };
  EXPECT_THROW(run_many(), std::domain_error);
  // Nothing was sent.
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kIdle);
}

TEST_F(InterruptedConnectionTest, AStreamOfRowsIsInterruptedThoughThereIsAlwaysSomethingToRead) {
  InterruptAfter(1);
  EXPECT_THROW(connection_->CopyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT", [](auto) {}),
               std::domain_error);
  SetInterruptCheck({});
  EXPECT_EQ(ValueOf(*connection_, "SELECT 1"), "1");
}

TEST_F(InterruptedConnectionTest, ConnectingIsInterrupted) {
  InterruptAfter(1);
  // TEST-NET-1 answers to nobody: https://www.rfc-editor.org/rfc/rfc5737. Where it is refused at once, so be
  // it.
  const ConnectionParameters nowhere = {{"host", "192.0.2.1"}, {"connect_timeout", "20"}};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_ANY_THROW(Connection::Open(nowhere));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST_F(ConnectionTest, ASecondCallMeanwhileIsAnErrorAndNoRace) {
  std::thread second([&] {
    std::this_thread::sleep_for(200ms);
    ExpectError(ErrorCode::kInternal, "busy with another call", [&] { connection_->Execute("SELECT 2"); });
  });
  EXPECT_NO_THROW(connection_->Execute("SELECT pg_sleep(0.6)"));
  second.join();
  EXPECT_EQ(ValueOf(*connection_, "SELECT 3"), "3");
}

TEST_F(ConnectionTest, AForkedChildMayNotUseItAndLeavesItOpen) {
  const pid_t child = fork();
  if (child == 0) {
    int outcome = 1;
    try {
      connection_->Execute("SELECT 1");
    } catch (const Error& error) {
      outcome = error.code() == ErrorCode::kInternal && !connection_->is_open() ? 0 : 2;
    }
    connection_.reset();
    _exit(outcome);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(ValueOf(*connection_, "SELECT 1"), "1");
}

TEST_F(ConnectionTest, CloseIsFinalAndHarmlessTwice) {
  connection_->Close();
  connection_->Close();
  EXPECT_FALSE(connection_->is_open());
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kUnknown);
  ExpectError(ErrorCode::kConnection, "is closed", [&] { connection_->Execute("SELECT 1"); });
  ExpectError(ErrorCode::kConnection, "is closed", [&] { connection_->Commit(); });
}

}  // namespace
}  // namespace memstack::pg
