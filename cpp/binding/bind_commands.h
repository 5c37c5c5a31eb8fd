// The commands for Python: memstack_migrate.api, and the command line of `python -m memstack_migrate`.
#pragma once

#include <pybind11/pybind11.h>

namespace memstack::binding {

void BindCommands(pybind11::module_& module);
void BindCommandLine(pybind11::module_& module);

}  // namespace memstack::binding
