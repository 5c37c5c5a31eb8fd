// Server defaults and identities of SQLAlchemy columns as ddl values.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>

#include "ddl/ops.h"
#include "script/leaf_compiler.h"

namespace memstack::script {

// What stands behind the column's DEFAULT; none for no default, and for one that only says "the server has
// one".
[[nodiscard]] std::optional<ddl::Default> ReadDefault(const LeafCompiler& leaves,
                                                      const pybind11::object& column);

[[nodiscard]] ddl::Identity ReadIdentity(const pybind11::object& identity);

// What op.alter_column(server_default=...) asks for. `existing`: its existing_server_default.
[[nodiscard]] ddl::DefaultChange ReadDefaultChange(const LeafCompiler& leaves, const pybind11::object& wanted,
                                                   const pybind11::object& existing);

}  // namespace memstack::script
