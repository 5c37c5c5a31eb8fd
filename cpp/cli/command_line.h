// The command line as a value. Alembic's commands and flags keep their names and meaning; ours stand beside
// them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace memstack::cli {

// What was asked for. Plain value.
struct Invocation {
  std::string command;               // "upgrade", ...
  std::vector<std::string> targets;  // revisions, in order; upgrade's default is "head"

  std::vector<std::string> config_files;  // -c, up to two (an ini and a pyproject.toml)
  std::string section = "alembic";        // -n
  std::vector<std::string> x_arguments;   // -x
  std::optional<std::string> url;         // --url; "": left to env.py
  std::optional<double> lock_timeout;     // --lock-timeout, seconds
  bool json = false;
  bool quiet = false;
  bool raise_errors = false;  // --raiseerr
  bool verbose = false;
  bool sql = false;
  bool purge = false;
  bool indicate_current = false;
  bool check_heads = false;  // current --check-heads
  bool resolve_dependencies = false;
  std::string rev_range;  // history -r
  std::string tag;
  std::string template_database;  // parity --template

  // The same line as Alembic's own parser would take it: without what is ours. For config.cmd_opts, and for
  // the commands that are Alembic's.
  std::vector<std::string> alembic_arguments;
  // True: a command, or a way of it, that the alembic package runs.
  bool is_alembics = false;
};

struct ParseOutcome {
  std::optional<Invocation> invocation;
  // Without an invocation: what to print (help, version) on standard output, and the exit code 0.
  std::string text;
};

// `program` is the name in help texts; `arguments` come without it. Throws Error(kUsage).
ParseOutcome ParseCommandLine(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace memstack::cli
