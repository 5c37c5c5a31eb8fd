// Turns memstack::Error into the Python classes of memstack_migrate.errors.
#pragma once

#include <pybind11/pybind11.h>

#include "base/error.h"

namespace memstack::binding {

// Registers the one translator: every memstack::Error that leaves the module becomes
// memstack_migrate.errors.from_engine(fields), with `fields` a dict of everything the error holds.
void BindError(pybind11::module_& module);

// Raises the Python exception for `error`, with `cause` (None, or an exception) as its __cause__. REQUIRES:
// the GIL.
[[noreturn]] void RaiseFrom(const Error& error, const pybind11::handle& cause);

// Raises an exception that Python has raised before. REQUIRES: the GIL.
[[noreturn]] void RaiseAgain(const pybind11::handle& exception);

}  // namespace memstack::binding
