// memstack_migrate._engine.Result: pg::Result for Python.
#pragma once

#include <pybind11/pybind11.h>

namespace memstack::binding {

void BindResult(pybind11::module_& module);

}  // namespace memstack::binding
