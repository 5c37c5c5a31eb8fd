// The account of one run on one version table: what ran, what is committed, what nobody can know.
#pragma once

#include <string>
#include <vector>

#include "migrate/report.h"
#include "pg/session.h"

namespace memstack::migrate {

// Only the end of a transaction decides what is kept, and env.py's may come long after the steps. One thread
// at a time.
class RunAccount {
 public:
  // As DatabaseRun has them.
  RunAccount(std::string database, std::string version_table, std::string driver, std::string driver_reason);

  void LockTaken(Milliseconds waited, std::string holder);
  // The version table was read; what it says is committed.
  void HeadsRead(std::vector<std::string> heads);
  void Planned(std::vector<StepReport> steps);
  // The version table was emptied in the open transaction.
  void Purged();

  void StepBegan();
  // The step's work and its version rows are in the open transaction; `heads` are the rows then.
  void StepApplied(StepReport& step, std::vector<std::string> heads);
  // `is_autocommit`: its statements took effect one by one.
  void StepFailed(StepReport& step, bool is_autocommit);
  void TransactionEnded(pg::TransactionEnd end);
  // env.py has ended, and the transaction that is open is its caller's.
  void LeftToCaller();

  // Since StepBegan: the revision ended the transaction itself (autocommit_block(), commit()).
  bool transaction_ended() const { return transaction_ended_; }
  // Rows of the version table, with what the open transaction has written.
  const std::vector<std::string>& heads() const { return heads_; }
  // Work that was done and is neither kept nor left to the caller, now that env.py has ended: steps, or an
  // emptied table.
  bool has_lost_work() const;

  StepReport& step(size_t index) { return report_.steps[index]; }
  OperationCounts& operations() { return report_.operations; }
  const DatabaseRun& report() const { return report_; }

 private:
  DatabaseRun report_;
  std::vector<std::string> heads_;
  bool is_in_step_ = false;
  bool transaction_ended_ = false;
  bool committed_in_step_ = false;
  bool has_unkept_purge_ = false;
};

}  // namespace memstack::migrate
