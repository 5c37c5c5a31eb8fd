// Alembic's operation objects as ddl::Op. Alembic itself builds the tables, columns, constraints and indexes
// from them (to_table, to_index, ...), so that naming conventions, column flags and constraints made by types
// are its own; what is read here is their result.
#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <variant>
#include <vector>

#include "ddl/ops.h"
#include "script/leaf_compiler.h"

namespace memstack::script {

// An operation, or why it cannot be expressed: part of a sentence.
using ReadResult = std::variant<ddl::Op, std::string>;

// `operation`: an object of alembic.operations.ops, of exactly Alembic's class; op.execute is not among them,
// for its text needs no reading. `migration_context`: alembic.runtime.migration's. A CreateTableOp or
// DropTableOp is read without its events; use ReadCreateTable and ReadDropTable to fire them in between.
// Python exceptions (of SQLAlchemy's builders and compilers) pass through as pybind11::error_already_set.
// REQUIRES: the GIL.
[[nodiscard]] ReadResult ReadOperation(const pybind11::object& operation,
                                       const pybind11::object& migration_context);

// The same for a Table that was made by operation.to_table().
[[nodiscard]] ReadResult ReadCreateTable(const pybind11::object& table, bool if_not_exists,
                                         const pybind11::object& migration_context);
[[nodiscard]] ddl::Op ReadDropTable(const pybind11::object& table, bool if_exists);

// op.bulk_insert into `table`; `columns` are names as Python has them, the values of `rows` are SQL.
[[nodiscard]] ddl::Op ReadBulkInsert(const pybind11::object& table, const std::vector<pybind11::str>& columns,
                                     std::vector<std::vector<std::string>> rows);

}  // namespace memstack::script
