// The revision graph in Python, as plain tuples and dicts: what the comparison with Alembic looks at.
#pragma once

#include <pybind11/pybind11.h>

namespace memstack::binding {

// Adds read_header, read_directories and RevisionGraph.
void BindRevision(pybind11::module_& module);

}  // namespace memstack::binding
