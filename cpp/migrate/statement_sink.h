// Where the statements of native operations go.
#pragma once

#include <memory>
#include <string_view>

#include "migrate/revision_runner.h"
#include "pg/session.h"

namespace memstack::migrate {

// One thread at a time.
class StatementSink {
 public:
  virtual ~StatementSink() = default;
  // Takes one statement of the running revision. Throws kSql where it is run at once and the server refuses
  // it.
  virtual void Execute(std::string_view sql) = 0;
};

// Runs each statement on the session, in the session's transaction.
class LiveSink final : public StatementSink {
 public:
  explicit LiveSink(std::shared_ptr<pg::Session> session) : session_(std::move(session)) {}
  void Execute(std::string_view sql) override { session_->Execute(sql); }

 private:
  std::shared_ptr<pg::Session> session_;
};

// Writes each statement into the script of a `--sql` run.
class OfflineSink final : public StatementSink {
 public:
  explicit OfflineSink(std::shared_ptr<ScriptWriter> writer) : writer_(std::move(writer)) {}
  void Execute(std::string_view sql) override { writer_->Statement(sql); }

 private:
  std::shared_ptr<ScriptWriter> writer_;
};

}  // namespace memstack::migrate
