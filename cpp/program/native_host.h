// The command line's host in a process that has no interpreter: whatever needs one stops the native run.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "cli/run.h"
#include "program/interpreter.h"

namespace memstack::program {

// Thrown out of cli::Run where Python has to take over, before anything was printed or changed. Of no
// exception class, so that nobody on the way takes it for a failure.
struct NeedsPython {
  Interpreter interpreter;
};

// Holds the log until the native answer is certain: a run that Python takes over logs everything once more.
// Log lines then look as Python shows them where no logging is configured. One at a time; one thread.
class NativeHost final : public cli::Host {
 public:
  NativeHost();
  ~NativeHost() override;
  NativeHost(const NativeHost&) = delete;
  NativeHost& operator=(const NativeHost&) = delete;

  // Its functions throw NeedsPython, or kInterpreter where there is no Python to be had.
  std::unique_ptr<migrate::ScriptHost> MakeScriptHost(const config::Settings& settings,
                                                      const cli::Invocation& invocation) override;
  int RunAlembic(const cli::Invocation& invocation) override;
  int RunParity(const cli::Invocation& invocation) override;
  void PrintTraceback() override {}
  // Called before the first text: the answer is native.
  void FlushPython() override;

 private:
  std::vector<std::string> held_warnings_;
};

}  // namespace memstack::program
