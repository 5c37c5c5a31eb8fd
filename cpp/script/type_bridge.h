// SQLAlchemy's type objects as ddl::Type.
#pragma once

#include <pybind11/pybind11.h>

#include "ddl/type.h"
#include "script/leaf_compiler.h"

namespace memstack::script {

// `column`: whose type it is, or None. A type that is not one of SQLAlchemy's own classes, or that somebody's
// @compiles spells, or that has a collation, is compiled by SQLAlchemy. REQUIRES: the GIL.
[[nodiscard]] ddl::Type ReadType(const LeafCompiler& leaves, const pybind11::object& type,
                                 const pybind11::object& column = pybind11::none());

}  // namespace memstack::script
