// The engine's log goes to Python's logging, under the same logger names.
#pragma once

#include <pybind11/pybind11.h>

namespace memstack::binding {

// Sets the engine's log sink for as long as the interpreter lives.
void BindLog(pybind11::module_& module);

}  // namespace memstack::binding
