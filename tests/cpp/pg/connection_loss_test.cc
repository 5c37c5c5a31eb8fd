// What is said when the server goes away in the middle.
#include <sys/types.h>

#include <csignal>
#include <thread>
#include <vector>

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

using namespace std::chrono_literals;

class ConnectionLossTest : public testing::Test {
 protected:
  ConnectionLossTest() {
    connection_->Execute("CREATE TABLE t (i int)");
    connection_->OnTransactionEnd([this](TransactionEnd end) { ends_.push_back(end); });
  }
  void Terminate() {
    ValueOf(*database_.Connect(),
            "SELECT pg_terminate_backend(" + std::to_string(connection_->backend_pid()) + ")");
  }

  TestDatabase database_;
  std::unique_ptr<Connection> connection_ = database_.Connect();
  std::vector<TransactionEnd> ends_;
};

TEST_F(ConnectionLossTest, InATransactionItIsRolledBackAndTheHandlerIsTold) {
  connection_->Begin();
  connection_->Execute("INSERT INTO t VALUES (1)");
  Terminate();
  const auto error = ExpectError(ErrorCode::kConnection, "terminating connection",
                                 [&] { connection_->Execute("SELECT 1"); });
  EXPECT_EQ(error->state(), "the server rolls back the open transaction");
  EXPECT_EQ(ends_, std::vector{TransactionEnd::kLost});
  EXPECT_FALSE(connection_->is_open());
  EXPECT_EQ(connection_->transaction_status(), TransactionStatus::kUnknown);
  ExpectError(ErrorCode::kConnection, "was lost", [&] { connection_->Commit(); });
  EXPECT_EQ(ends_, std::vector{TransactionEnd::kLost});
}

TEST_F(ConnectionLossTest, OutsideATransactionTheEffectIsNotKnown) {
  std::thread killer([&] {
    std::this_thread::sleep_for(200ms);
    Terminate();
  });
  const auto error =
      ExpectError(ErrorCode::kConnection, "was lost", [&] { connection_->Execute("SELECT pg_sleep(20)"); });
  killer.join();
  EXPECT_NE(error->state().find("not known"), std::string::npos);
  EXPECT_TRUE(ends_.empty());
}

// The deferred trigger runs inside COMMIT, and kills its own session.
constexpr const char* kDieAtCommit =
    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$; "
    "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION die()";

TEST_F(ConnectionLossTest, DuringCommitItIsInDoubt) {
  for (const bool by_statement : {false, true}) {
    connection_ = database_.Connect();
    connection_->Execute(by_statement ? "SELECT 1" : kDieAtCommit);
    connection_->Begin();
    connection_->Execute("INSERT INTO t VALUES (1)");
    const auto error = ExpectError(ErrorCode::kCommitInDoubt, "lost during COMMIT", [&] {
      if (by_statement) {
        connection_->Execute("commit");
      } else {
        connection_->Commit();
      }
    });
    EXPECT_NE(error->state().find("as a whole or not at all"), std::string::npos);
  }
}

TEST_F(ConnectionLossTest, AKilledBackendAndAStoppedServer) {
  TestServer& server = TestServer::Instance();
  if (!server.is_own()) GTEST_SKIP() << "would stop a server of somebody else";
  std::thread killer([&] {
    std::this_thread::sleep_for(200ms);
    kill(static_cast<pid_t>(connection_->backend_pid()), SIGKILL);
  });
  ExpectError(ErrorCode::kConnection, "was lost", [&] { connection_->Execute("SELECT pg_sleep(20)"); });
  killer.join();

  server.Stop();
  ExpectError(ErrorCode::kConnection, "is the server running?", [&] { database_.Connect(); });
  server.Start();
  EXPECT_EQ(ValueOf(*database_.Connect(), "SELECT count(*) FROM t"), "0");
}

}  // namespace
}  // namespace memstack::pg
