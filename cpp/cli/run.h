// Runs one command line, from arguments to exit code.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "config/settings.h"
#include "migrate/revision_runner.h"

namespace memstack::cli {

// What the command line needs of the process that it runs in. Implemented under Python (binding/) and by the
// native program, which has no interpreter and hands over instead.
class Host {
 public:
  virtual ~Host() = default;
  // The interpreter for one command. `settings` outlives it.
  virtual std::unique_ptr<migrate::ScriptHost> MakeScriptHost(const config::Settings& settings,
                                                              const Invocation& invocation) = 0;
  // Runs a command that is the alembic package's own; gives its exit code.
  virtual int RunAlembic(const Invocation& invocation) = 0;
  // Compares Alembic and this program on the user's project; gives the exit code.
  virtual int RunParity(const Invocation& invocation) = 0;
  // --raiseerr: prints the Python traceback behind the last error, if there is one.
  virtual void PrintTraceback() = 0;
  // Before text goes to standard output: what Python has buffered for it goes first.
  virtual void FlushPython() = 0;
};

// `arguments` come without the program's name. Reports go to standard output, errors to standard error.
// Returns the exit code: 0, or that of the error (base/error.h).
int Run(const std::string& program, const std::vector<std::string>& arguments, Host& host);

}  // namespace memstack::cli
