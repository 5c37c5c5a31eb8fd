// memstack_migrate._engine.Connection: pg::Connection for Python, under driver/.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "pg/connection.h"

namespace memstack::binding {

void BindConnection(pybind11::module_& module);

// The engine's connection inside a Python object of class _engine.Connection, for C++ that shares it with
// SQLAlchemy. Throws pybind11::cast_error for another object. REQUIRES: the GIL.
std::shared_ptr<pg::Connection> ConnectionOf(pybind11::handle object);

}  // namespace memstack::binding
