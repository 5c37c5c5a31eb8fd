// What a command did or found, as values; report_text and report_json write them down.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memstack::migrate {

using Milliseconds = std::chrono::duration<double, std::milli>;

enum class StepState {
  kPending,     // not reached
  kApplied,     // ran; its transaction is still open
  kCommitted,   // ran and is kept
  kRolledBack,  // ran and was undone
  kInDoubt,     // ran; the connection was lost during COMMIT
  kFailed,      // raised; undone, but for what it committed itself (has_kept_part)
};
std::string_view StepStateName(StepState state);

struct StepReport {
  std::string revision;
  std::vector<std::string> down_revisions;
  std::string direction;  // "upgrade", "downgrade", "stamp"
  std::string message;
  std::string file;
  StepState state = StepState::kPending;
  bool has_kept_part = false;  // failed after it had committed some of its work
  Milliseconds duration{0};
};

// How the operations of a run went, by name ("create_table"): natively, or through the alembic package, with
// the reason.
struct OperationCounts {
  std::map<std::string, int> native;
  std::map<std::string, int> library;
  std::map<std::string, int> library_reasons;  // "create_table: before_create listeners" -> 3
};

// One call of context.run_migrations(): one version table on one database.
struct DatabaseRun {
  std::string database;  // "name on host:port", no secret
  std::string version_table;
  // Another driver's connection was used ("psycopg2"), and why; "": the engine's own.
  std::string driver;
  std::string driver_reason;
  bool heads_known = false;  // false: the run ended before the version table was read
  std::vector<std::string> heads_before;
  std::vector<std::string> heads_after;  // what is committed, once the run has ended
  bool is_in_doubt = false;              // heads_after is not certain: the connection was lost during COMMIT
  // It ran in a transaction of the caller's, which is still open: heads_after and the steps that are kApplied
  // are kept when the caller commits.
  bool is_callers_transaction = false;
  std::vector<StepReport> steps;
  OperationCounts operations;
  Milliseconds lock_wait{0};
  std::string lock_holder;  // who held it while we waited; "" if nobody
};

struct RunReport {
  std::string command;  // "upgrade", "downgrade", "stamp"
  std::string target;
  std::vector<DatabaseRun> databases;
  bool environment_ran = false;      // env.py was executed
  Milliseconds environment_time{0};  // loading Python packages and env.py, without the steps
  Milliseconds duration{0};
  std::string why_not_quick;  // why env.py had to be run although nothing was to do; "" if it had not
  std::string remedy;         // which setting spares that the next time; "" if none does

  int StepCount(StepState state) const;
  bool nothing_to_do() const;
};

// Where one version table stands; env.py may work on several.
struct DatabaseStatus {
  std::string database;
  std::string version_table;
  std::vector<std::string> current;  // its rows, sorted
  std::vector<StepReport> pending;   // what `upgrade heads` would run, in order
  std::vector<std::string> unknown;  // rows that no file has
};

// What `status` says.
struct StatusReport {
  std::vector<DatabaseStatus> databases;
  std::vector<std::string> heads;  // of the files
  int total_revisions = 0;

  // All of these over all databases, each revision once.
  std::vector<std::string> current() const;
  std::vector<std::string> unknown() const;
  std::vector<StepReport> pending() const;
  bool needs_upgrade() const { return !pending().empty(); }
};

// One JSON object, two spaces of indentation, no trailing newline. Names as in the structs, times in
// milliseconds.
std::string ToJson(const RunReport& report);
std::string ToJson(const StatusReport& report);

// For a person: several lines, each ended by a newline.
std::string ToText(const RunReport& report);
std::string ToText(const StatusReport& report);

// "a, b", or "<base>" for none.
std::string HeadsText(const std::vector<std::string>& heads);

}  // namespace memstack::migrate
