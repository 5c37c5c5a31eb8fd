// Thrown by whatever reads Python source as text and cannot be sure what Python would make of it.
#pragma once

#include <stdexcept>
#include <string>

namespace memstack {

// Not an error of the user's: whoever reads the text catches it, and has Python itself answer instead.
class PythonDoubt : public std::runtime_error {
 public:
  // `line` from 1; 0: the file as a whole.
  PythonDoubt(const std::string& reason, int line) : std::runtime_error(reason), line_(line) {}
  int line() const { return line_; }

 private:
  int line_;
};

}  // namespace memstack
