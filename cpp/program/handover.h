// Leaves the rest of the run to Python.
#pragma once

#include <string>
#include <vector>

#include "program/interpreter.h"

namespace memstack::program {

// Does what `python -m memstack_migrate <arguments>` does, and gives its exit code. Python runs in this
// process where the interpreter has a shared libpython; otherwise the interpreter takes this process's place,
// and the function does not return. Throws kInterpreter if that fails.
//
// REQUIRES: nothing has been printed, and no connection or thread of this process is left.
int RunInPython(const Interpreter& interpreter, const std::vector<std::string>& arguments);

}  // namespace memstack::program
