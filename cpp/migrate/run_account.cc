#include "migrate/run_account.h"

#include <algorithm>
#include <utility>

namespace memstack::migrate {
namespace {

StepState StateAfter(pg::TransactionEnd end) {
  switch (end) {
    case pg::TransactionEnd::kCommitted:
      return StepState::kCommitted;
    case pg::TransactionEnd::kInDoubt:
      return StepState::kInDoubt;
    case pg::TransactionEnd::kRolledBack:
    case pg::TransactionEnd::kLost:
      return StepState::kRolledBack;
  }
  return StepState::kRolledBack;
}

}  // namespace

RunAccount::RunAccount(std::string database, std::string version_table, std::string driver,
                       std::string driver_reason) {
  report_.database = std::move(database);
  report_.version_table = std::move(version_table);
  report_.driver = std::move(driver);
  report_.driver_reason = std::move(driver_reason);
}

void RunAccount::LockTaken(Milliseconds waited, std::string holder) {
  report_.lock_wait += waited;
  if (report_.lock_holder.empty()) report_.lock_holder = std::move(holder);
}

void RunAccount::HeadsRead(std::vector<std::string> heads) {
  report_.heads_known = true;
  report_.heads_before = report_.heads_after = heads;
  heads_ = std::move(heads);
}

void RunAccount::Planned(std::vector<StepReport> steps) {
  report_.steps = std::move(steps);
}

void RunAccount::Purged() {
  has_unkept_purge_ = true;
  heads_.clear();
}

void RunAccount::StepBegan() {
  is_in_step_ = true;
  transaction_ended_ = committed_in_step_ = false;
}

void RunAccount::StepApplied(StepReport& step, std::vector<std::string> heads) {
  is_in_step_ = false;
  step.state = StepState::kApplied;
  heads_ = std::move(heads);
}

void RunAccount::StepFailed(StepReport& step, bool is_autocommit) {
  is_in_step_ = false;
  step.state = StepState::kFailed;
  step.has_kept_part = committed_in_step_ || is_autocommit;
}

void RunAccount::TransactionEnded(pg::TransactionEnd end) {
  transaction_ended_ = true;
  for (StepReport& step : report_.steps) {
    if (step.state == StepState::kApplied) step.state = StateAfter(end);
  }
  if (end == pg::TransactionEnd::kCommitted) {
    committed_in_step_ = committed_in_step_ || is_in_step_;
    has_unkept_purge_ = false;
    report_.heads_after = heads_;
    return;
  }
  report_.is_in_doubt = report_.is_in_doubt || end == pg::TransactionEnd::kInDoubt;
  heads_ = report_.heads_after;
}

void RunAccount::LeftToCaller() {
  report_.is_callers_transaction = true;
  report_.heads_after = heads_;
}

bool RunAccount::has_lost_work() const {
  const bool is_left = report_.is_callers_transaction;
  return (has_unkept_purge_ && !is_left) ||
         std::any_of(report_.steps.begin(), report_.steps.end(), [is_left](const StepReport& step) {
           return step.state != StepState::kCommitted && !(is_left && step.state == StepState::kApplied);
         });
}

}  // namespace memstack::migrate
