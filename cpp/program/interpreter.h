// Which Python runs env.py and the revisions, and what it says about itself.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace memstack::program {

// One that can run this program's revisions. Plain value.
struct Interpreter {
  // sys.executable: the path to start it by. It is what leads Python to a virtual environment's packages.
  std::string executable;
  std::string version;  // "3.11.7"
  std::string library;  // path of its libpython; "": it has no shared one
};

// Where to look. The first place that has an interpreter decides: if that one lacks the package, another is
// not tried silently, as it would have other packages.
struct InterpreterSearch {
  std::string named;                        // a path, or a name to look for on PATH; "": none is named
  std::filesystem::path virtual_env;        // of the active virtual environment; "": none is
  std::filesystem::path program_directory;  // of a virtual environment, this program lies beside its python
  std::string path;                         // PATH: python3, then python
};

// MEMSTACK_MIGRATE_PYTHON, VIRTUAL_ENV, the folder of this program's file (links followed), PATH.
InterpreterSearch SearchOfThisProcess();

// The path of the interpreter to use. Throws kInterpreter where there is none, or not the one that is named.
std::string LocateInterpreter(const InterpreterSearch& search);

// Starts it once and asks. Throws kInterpreter where it is no Python, is too old, or does not have the
// package memstack_migrate in this program's version.
Interpreter AskInterpreter(const std::string& path);

// What AskInterpreter makes of everything that the interpreter at `path` wrote.
Interpreter ReadAnswer(const std::string& path, std::string_view output);

}  // namespace memstack::program
