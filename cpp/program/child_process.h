// Runs a program and collects what it says.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace memstack::program {

struct ChildOutput {
  std::string text;              // standard output and standard error, as they came
  std::optional<int> exit_code;  // nothing: ended by a signal
};

// Runs `command` (a path and its arguments) in this process's environment, with nothing to read on standard
// input, and waits for its end. Nothing: it cannot be started.
std::optional<ChildOutput> RunChild(const std::vector<std::string>& command);

}  // namespace memstack::program
