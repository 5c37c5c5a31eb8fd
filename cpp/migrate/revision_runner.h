// What migrate/ needs from Python, as interfaces: script/ implements them.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "migrate/report.h"
#include "migrate/version_table.h"
#include "pg/session.h"
#include "revision/header.h"
#include "revision/plan.h"

namespace memstack::migrate {

// Runs the upgrade() and downgrade() functions of revision files. One thread at a time.
class RevisionRunner {
 public:
  virtual ~RevisionRunner() = default;

  // Loads a step's file, so that a syntax error in the last revision is found before the first one has run.
  // What the file raises comes out unchanged; throws kRevisionFile where it lacks the function.
  virtual void Load(const revision::Step& step) = 0;
  // Runs the step's function on the session that the runner was made for, and counts its operations.
  // What the function raises comes out unchanged (a Python exception, not memstack::Error).
  virtual void Run(const revision::Step& step, OperationCounts& counts) = 0;
  // Creates the version table where env.py has a say in how (an impl's version_table_impl(), listeners of its
  // creation); false: it has not, and nothing was done.
  virtual bool CreateVersionTable() { return false; }
  // Calls env.py's on_version_apply callbacks, if it has any.
  virtual void VersionApplied(const revision::Step& step, const std::vector<std::string>& heads) = 0;
};

// How transactions are laid round the steps; env.py says which.
enum class TransactionMode {
  kWholeRun,     // env.py's own begin_transaction() round all of them
  kPerRevision,  // transaction_per_migration, or transactional_ddl=False
  kCallers,      // the connection was in a transaction before configure(): it stays the caller's
};

// Where env.py wants the script of a `--sql` run. What it raises comes out unchanged. One thread at a time.
class ScriptWriter {
 public:
  virtual ~ScriptWriter() = default;
  // Round each step: BEGIN and COMMIT, where each revision is a transaction of its own. After a failure there
  // is no EndStep().
  virtual void BeginStep() = 0;
  virtual void EndStep() = 0;
  virtual void Comment(std::string_view text) = 0;
  // Without its semicolon.
  virtual void Statement(std::string_view sql) = 0;
};

// One call of context.run_migrations() in env.py: where, and how.
struct MigrationCall {
  std::shared_ptr<pg::Session> session;  // none in a `--sql` run
  std::shared_ptr<ScriptWriter> writer;  // in a `--sql` run
  // Where such a run is to start: what was asked for, unless env.py gives configure() a starting_rev.
  std::vector<std::string> starting_revisions;
  // Where env.py has put revision files instead of where the configuration says; empty: it has not.
  std::vector<std::string> version_directories;
  std::shared_ptr<RevisionRunner> runner;
  std::string database;  // for messages: "name on host:port"
  // As the protocol said: a server that answers another one stands behind a pooler. 0: not known.
  int backend_pid = 0;
  VersionTableName version_table;
  TransactionMode transaction_mode = TransactionMode::kWholeRun;
  // Whose connection it is, and why not the engine's own; "" where it is. Another driver's is used as it is,
  // its settings left alone.
  std::string driver;
  std::string driver_reason;
  // The connection was there before env.py ran: a transaction that is open when env.py has ended is the
  // caller's, to commit or to roll back.
  bool is_callers = false;
  // Opens a second session, in a transaction that only looks, to see what others see; gives null where none
  // can be made.
  std::function<std::shared_ptr<pg::Session>()> open_other;
};
using MigrateFunction = std::function<void(MigrationCall)>;

// What env.py sees of the command that it is run for.
struct EnvironmentRequest {
  // context.get_revision_argument(); none where the command has none, a list of any length for `stamp`.
  std::variant<std::monostate, std::string, std::vector<std::string>> destination_revision;
  std::string tag;                  // context.get_tag_argument()
  bool may_change_database = true;  // false: `current` and the like (Alembic's dont_mutate)
  std::string starting_revision;    // of a `--sql` run; "": none
};

// Runs env.py, and is asked for what only Python can tell.
class ScriptHost {
 public:
  virtual ~ScriptHost() = default;

  // Executes env.py once; `migrate` is called for each context.run_migrations() in it.
  // Throws what `migrate` threw, kRevisionFailed and kSql for an exception out of a revision, kEnvironment
  // for one of env.py's own. A failure of `migrate` that env.py keeps to itself does not come out.
  virtual void RunEnvironment(const EnvironmentRequest& request, const MigrateFunction& migrate) = 0;
  // The same in Alembic's offline mode. Returns what was written; not what env.py sent elsewhere
  // (output_buffer).
  virtual std::string WriteScript(const EnvironmentRequest& request, const MigrateFunction& migrate) = 0;
  // The error for whatever came out of these functions or went out of `migrate` into env.py, be it a Python
  // exception.
  virtual Error ErrorOf(const std::exception_ptr& exception) = 0;
  // Executes a revision file whose header is not literal. Throws kRevisionFile.
  virtual revision::Header ImportHeader(const std::string& file) = 0;
  // The directory of a script path of the form "package:directory". Throws kConfiguration.
  virtual std::string LocateScripts(const std::string& text) = 0;
  // Starts the server of an embedded:// URL and gives its postgresql:// one. Throws kConfiguration,
  // kConnection.
  virtual std::string StartEmbedded(const std::string& url) = 0;
};

}  // namespace memstack::migrate
