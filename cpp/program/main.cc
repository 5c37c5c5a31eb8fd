// memstack-migrate: the same command line as `python -m memstack_migrate`. What needs no Python (heads,
// history, status and upgrade of a database at head whose URL is given) is answered at once; everything else
// is handed over to Python, from the start.

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "cli/run.h"
#include "program/handover.h"
#include "program/native_host.h"

namespace memstack::program {
namespace {

constexpr const char* kProgram = "memstack-migrate";

int Fail(const Error& error) {
  std::fputs(fmt::format("error: {}\n", error.Describe()).c_str(), stderr);
  return error.exit_code();
}

// The exit code, or the interpreter that has to do it.
std::variant<int, Interpreter> RunNatively(const std::vector<std::string>& arguments) {
  try {
    NativeHost host;
    return cli::Run(kProgram, arguments, host);
  } catch (NeedsPython& needs) {
    return std::move(needs.interpreter);
  }
}

int Main(const std::vector<std::string>& arguments) {
  // As in Python: output that nobody reads is no reason to die. Signals that end the process keep their
  // default action, since a native run changes nothing; Python sets its own handlers.
  const auto old_action = std::signal(SIGPIPE, SIG_IGN);
  const auto outcome = RunNatively(arguments);
  std::signal(SIGPIPE, old_action);
  if (const int* code = std::get_if<int>(&outcome)) return *code;
  return RunInPython(std::get<Interpreter>(outcome), arguments);
}

}  // namespace
}  // namespace memstack::program

int main(int argc, char** argv) {
  using memstack::Error;
  try {
    return memstack::program::Main({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const Error& error) {
    return memstack::program::Fail(error);
  } catch (const std::exception& error) {
    return memstack::program::Fail(Error(memstack::ErrorCode::kInternal, error.what()));
  }
}
