// Operations, their SQL, and the lexical functions, for operations.py and the tests.
#pragma once

#include <pybind11/pybind11.h>

namespace memstack::binding {

void BindDdl(pybind11::module_& module);

}  // namespace memstack::binding
