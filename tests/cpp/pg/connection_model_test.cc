// pg::Connection against the state machine of its header: random sequences, the same call on the connection
// and on a model of it, and after each step the same state, the same rows, the same ends told to the handler.
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "pg/connection.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

enum class Step {
  kInsert,
  kFail,
  kBegin,
  kCommit,
  kRollback,
  kCommitText,
  kRollbackText,
  kSavepoint,
  kRollbackToSavepoint,
  kBeginByItself,
  kAutocommit,
  kLook,
  kLose,
};
constexpr std::array kSteps = {Step::kInsert,        Step::kInsert,     Step::kInsert,
                               Step::kFail,          Step::kBegin,      Step::kCommit,
                               Step::kRollback,      Step::kCommitText, Step::kRollbackText,
                               Step::kSavepoint,     Step::kLook,       Step::kRollbackToSavepoint,
                               Step::kBeginByItself, Step::kAutocommit, Step::kLose};

// What the header says, and nothing of libpq.
class Model {
 public:
  // The code of the error that the step must raise; nothing: it must succeed.
  std::optional<ErrorCode> Apply(Step step) {
    switch (step) {
      case Step::kInsert:
        return Insert();
      case Step::kFail:
        return Fail();
      case Step::kBegin:
        return state == TransactionStatus::kIdle ? Begin() : std::nullopt;
      case Step::kCommit:
        return state == TransactionStatus::kIdle ? std::nullopt : Commit();
      case Step::kRollback:
        return state == TransactionStatus::kIdle ? std::nullopt : Rollback();
      // As statements they first begin a transaction where the connection begins them by itself; outside one
      // they only get a warning.
      case Step::kCommitText:
        MaybeBegin();
        return state == TransactionStatus::kIdle ? Warned() : Commit();
      case Step::kRollbackText:
        MaybeBegin();
        return state == TransactionStatus::kIdle ? Warned() : Rollback();
      case Step::kSavepoint:
        return Savepoint();
      case Step::kRollbackToSavepoint:
        return RollbackToSavepoint();
      case Step::kBeginByItself:
        begins = true;
        return std::nullopt;
      case Step::kAutocommit:
        begins = false;
        return std::nullopt;
      case Step::kLook:
        return std::nullopt;
      case Step::kLose:
        return Lose();
    }
    return std::nullopt;
  }

  TransactionStatus state = TransactionStatus::kIdle;
  int committed = 0;
  std::vector<TransactionEnd> ends;

 private:
  std::optional<ErrorCode> Begin() {
    state = TransactionStatus::kInTransaction;
    return std::nullopt;
  }
  void MaybeBegin() {
    if (begins && state == TransactionStatus::kIdle) Begin();
  }
  static std::optional<ErrorCode> Warned() { return std::nullopt; }
  std::optional<ErrorCode> Insert() {
    MaybeBegin();
    if (state == TransactionStatus::kInError) return ErrorCode::kSql;
    ++(state == TransactionStatus::kIdle ? committed : pending);
    return std::nullopt;
  }
  std::optional<ErrorCode> Fail() {
    MaybeBegin();
    if (state != TransactionStatus::kIdle) state = TransactionStatus::kInError;
    return ErrorCode::kSql;
  }
  std::optional<ErrorCode> Commit() {
    const bool failed = state == TransactionStatus::kInError;
    if (!failed) committed += pending;
    End(failed ? TransactionEnd::kRolledBack : TransactionEnd::kCommitted);
    return failed ? std::optional(ErrorCode::kSql) : std::nullopt;
  }
  std::optional<ErrorCode> Rollback() {
    End(TransactionEnd::kRolledBack);
    return std::nullopt;
  }
  std::optional<ErrorCode> Savepoint() {
    MaybeBegin();
    if (state != TransactionStatus::kInTransaction) return ErrorCode::kSql;
    saved = pending;
    return std::nullopt;
  }
  std::optional<ErrorCode> RollbackToSavepoint() {
    MaybeBegin();
    if (state == TransactionStatus::kIdle) return ErrorCode::kSql;
    if (!saved) return Fail();
    pending = *saved;
    state = TransactionStatus::kInTransaction;
    return std::nullopt;
  }
  // The driver of the test looks at once, and then opens another connection.
  std::optional<ErrorCode> Lose() {
    if (state != TransactionStatus::kIdle) End(TransactionEnd::kLost);
    return ErrorCode::kConnection;
  }
  void End(TransactionEnd end) {
    ends.push_back(end);
    state = TransactionStatus::kIdle;
    pending = 0;
    saved.reset();
  }

  bool begins = false;
  int pending = 0;
  std::optional<int> saved;
};

class ConnectionModelTest : public testing::TestWithParam<int> {
 protected:
  void Reconnect() {
    connection_ = database_.Connect();
    connection_->set_begins_transactions(begins_);
    connection_->OnTransactionEnd([this](TransactionEnd end) { ends_.push_back(end); });
  }
  void Terminate() {
    const std::string pid = std::to_string(connection_->backend_pid());
    ValueOf(*watcher_, "SELECT pg_terminate_backend(" + pid + ")");
    // Gone for sure: otherwise the BEGIN of the next statement might still get through.
    while (ValueOf(*watcher_, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid) != "0") {
    }
    connection_->Execute("SELECT 1");
  }
  void Run(Step step) {
    switch (step) {
      case Step::kInsert:
        connection_->Execute("INSERT INTO t VALUES (1)");
        break;
      case Step::kFail:
        connection_->Execute("SELECT 1/0");
        break;
      case Step::kBegin:
        connection_->Begin();
        break;
      case Step::kCommit:
        connection_->Commit();
        break;
      case Step::kRollback:
        connection_->Rollback();
        break;
      case Step::kCommitText:
        connection_->Execute("COMMIT");
        break;
      case Step::kRollbackText:
        connection_->Execute("ROLLBACK");
        break;
      case Step::kSavepoint:
        connection_->Execute("SAVEPOINT s");
        break;
      case Step::kRollbackToSavepoint:
        connection_->Execute("ROLLBACK TO s");
        break;
      case Step::kBeginByItself:
        connection_->set_begins_transactions(begins_ = true);
        break;
      case Step::kAutocommit:
        connection_->set_begins_transactions(begins_ = false);
        break;
      case Step::kLook:
        EXPECT_TRUE(connection_->is_open());
        break;
      case Step::kLose:
        Terminate();
        break;
    }
  }
  std::optional<ErrorCode> CodeOf(Step step) {
    try {
      Run(step);
      return std::nullopt;
    } catch (const Error& error) {
      return error.code();
    }
  }

  TestDatabase database_;
  std::unique_ptr<Connection> watcher_ = database_.Connect();
  bool begins_ = false;
  std::vector<TransactionEnd> ends_;
  std::unique_ptr<Connection> connection_;  // last: closing it reports the end of an open transaction
};

TEST_P(ConnectionModelTest, BehavesAsTheModel) {
  watcher_->Execute("CREATE TABLE t (i int)");
  Reconnect();
  Model model;
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  std::string history;
  for (int count = 0; count < 300; ++count) {
    const Step step = kSteps[random() % kSteps.size()];
    history += " " + std::to_string(static_cast<int>(step));
    SCOPED_TRACE("seed " + std::to_string(GetParam()) + ", steps" + history);
    ASSERT_EQ(CodeOf(step), model.Apply(step));
    if (step == Step::kLose) {
      ASSERT_FALSE(connection_->is_open());
      Reconnect();
    }
    ASSERT_EQ(connection_->transaction_status(), model.state);
    ASSERT_EQ(ends_, model.ends);
    ASSERT_EQ(ValueOf(*watcher_, "SELECT count(*) FROM t"), std::to_string(model.committed));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ConnectionModelTest, testing::Range(1, 6));

}  // namespace
}  // namespace memstack::pg
