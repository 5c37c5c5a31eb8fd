// The one exception of the engine, its codes, and what a person needs to act on it.
//
// Everything that fails throws memstack::Error. Code that wants to react looks at code(); code that wants
// to tell a person prints Describe(). binding/ turns it into the Python classes of memstack_migrate.errors,
// cli/ turns code() into the exit code.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace memstack {

// A code exists only where some caller acts differently on it. The value is the exit code of the commands.
enum class ErrorCode : int {
  kUsage = 2,          // the command line: read --help
  kConfiguration = 3,  // alembic.ini, pyproject.toml, script_location: mend the named setting
  kDatabaseUrl = 4,    // a URL that cannot be read, or of another DBMS
  kWrongDatabase = 5,  // env.py connects to another database than the URL says
  kConnection = 6,     // server down, unreachable, refuses the password: may work later
  kTarget = 7,         // the asked-for revision is unknown, ambiguous, or one of several heads
  kHistory = 8,       // the revision files contradict one another: two with one id, a cycle, a missing parent
  kRevisionFile = 9,  // a revision file cannot be loaded (syntax error, failing import)
  kRevisionFailed = 10,  // upgrade() or downgrade() raised a Python exception
  kSql = 11,             // the server refused a statement
  kEnvironment = 12,     // env.py raised
  kVersionTable = 13,    // the version table contradicts the revision files or was changed by someone else
  kLockTimeout = 14,     // another run holds the migration lock for longer than the limit: try again
  kCommitInDoubt = 15,   // the connection was lost during COMMIT: look at the database before a new try
  kNotCommitted = 16,    // env.py ended its transaction without a commit: nothing was kept
  kUnsupported = 17,     // something this version cannot do; the message names the construct
  kInterpreter = 18,     // the native program found no Python to run revisions with
  kOutput = 74,          // the report could not be written (a full disk); what the command did stands
  kInterrupted = 130,    // Ctrl-C, SIGTERM
  kInternal = 70,        // a bug in this software
};

// The name used in JSON and in Python (`error.code`), e.g. "lock_timeout".
std::string_view ErrorCodeName(ErrorCode code);

// What the server said about a failed statement: every field of its error report that helps.
// https://www.postgresql.org/docs/current/protocol-error-fields.html
struct ServerDiagnostics {
  std::string sqlstate;
  std::string severity;
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;
  std::string schema_name;
  std::string table_name;
  std::string column_name;
  std::string datatype_name;
  std::string constraint_name;
  int position = 0;  // in characters (not bytes) from 1 into the statement; 0: none
  // A statement that the server made itself (inside a function, for a foreign key), and the place in it.
  std::string internal_query;
  int internal_position = 0;
  // Where in the server's own source.
  std::string source_file;
  int source_line = 0;
  std::string source_function;
};

// Where in the user's files: line 0 means the file as a whole.
struct ErrorPlace {
  std::string file;
  int line = 0;
};

// Copyable value; one thread at a time. The setters return *this so that a throw reads as one sentence:
//   throw Error(ErrorCode::kTarget, "no revision '" + id + "'").Hint("see: memstack-migrate heads");
class Error : public std::runtime_error {
 public:
  // `message` is one sentence without a full stop: what failed, on what, why.
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  Error& At(std::string file, int line = 0);
  // The line of another file of the user's that At() called into, and that failed.
  Error& CalledAt(std::string file, int line);
  Error& Revision(std::string revision);
  Error& Operation(std::string operation);  // "op.create_table"
  Error& Hint(std::string hint);            // what to do or to type next
  Error& State(std::string state);          // what happened to the database, where it stands
  // The statement as the user would search for it; our own ones go in brackets, "[COMMIT]".
  Error& Statement(std::string sql, ServerDiagnostics diagnostics);

  ErrorCode code() const { return code_; }
  int exit_code() const { return static_cast<int>(code_); }
  const std::optional<ErrorPlace>& place() const { return place_; }
  const std::optional<ErrorPlace>& called_place() const { return called_place_; }
  const std::string& revision() const { return revision_; }
  const std::string& operation() const { return operation_; }
  const std::string& hint() const { return hint_; }
  const std::string& state() const { return state_; }
  const std::string& sql() const { return sql_; }
  const std::optional<ServerDiagnostics>& diagnostics() const { return diagnostics_; }
  // The server's SQLSTATE, or "".
  std::string_view sqlstate() const;

  // The whole report for a person, several lines, without a trailing newline: message, place, the failing
  // line of the statement with a caret, what the server said, the state of the database, what to do.
  std::string Describe() const;

 private:
  ErrorCode code_;
  std::optional<ErrorPlace> place_;
  std::optional<ErrorPlace> called_place_;
  std::string revision_;
  std::string operation_;
  std::string hint_;
  std::string state_;
  std::string sql_;
  std::optional<ServerDiagnostics> diagnostics_;
};

}  // namespace memstack
