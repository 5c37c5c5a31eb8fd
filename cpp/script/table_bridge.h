// SQLAlchemy's tables, columns and indexes as ddl values.
#pragma once

#include <pybind11/pybind11.h>

#include "ddl/ops.h"
#include "script/leaf_compiler.h"

namespace memstack::script {

// A column that belongs to a table.
[[nodiscard]] ddl::Column ReadColumn(const LeafCompiler& leaves, const pybind11::object& column);

// CREATE INDEX for an index that belongs to a table.
[[nodiscard]] ddl::CreateIndex ReadIndex(const LeafCompiler& leaves, const pybind11::object& index);
[[nodiscard]] ddl::DropIndex ReadDropIndex(const LeafCompiler& leaves, const pybind11::object& index);

// COMMENT ON COLUMN for a column that belongs to a table. Throws Unconvertible for "": releases of Alembic
// differ on it.
[[nodiscard]] ddl::ColumnComment ReadColumnComment(const pybind11::object& column);

// CREATE TABLE with all that Alembic runs after it: indexes, comments.
[[nodiscard]] ddl::CreateTable ReadTable(const LeafCompiler& leaves, const pybind11::object& table,
                                         bool if_not_exists);

}  // namespace memstack::script
