// SQLAlchemy's constraints as ddl values.
#pragma once

#include <pybind11/pybind11.h>

#include "ddl/ops.h"
#include "script/leaf_compiler.h"

namespace memstack::script {

// schema.table as SQLAlchemy's preparer writes it: a dotted schema is one name.
[[nodiscard]] sql::QualifiedName ReadTableName(const pybind11::object& table);

// The names of the columns in a Python iterable of columns.
[[nodiscard]] std::vector<sql::Identifier> ReadColumnNames(const pybind11::object& columns);

// Any constraint of SQLAlchemy's PostgreSQL dialect. Throws Unconvertible for another one, or for one that
// somebody's
// @compiles spells.
[[nodiscard]] ddl::Constraint ReadConstraint(const LeafCompiler& leaves, const pybind11::object& constraint);

// ALTER TABLE ... ADD for a constraint that belongs to a table.
[[nodiscard]] ddl::AddConstraint ReadAddConstraint(const LeafCompiler& leaves,
                                                   const pybind11::object& constraint);

// ALTER TABLE ... DROP CONSTRAINT for a constraint that belongs to a table.
[[nodiscard]] ddl::DropConstraint ReadDropConstraint(const LeafCompiler& leaves,
                                                     const pybind11::object& constraint);

// Throws Unconvertible if a @compiles function of somebody else's spells items of this class.
void RefuseForeignCompiler(const LeafCompiler& leaves, const pybind11::object& item);

// A phrase of key words such as SET NULL; throws Unconvertible if it holds anything but words.
[[nodiscard]] std::string KeywordPhrase(const pybind11::object& phrase);
// The same for a single word, such as the access method of an index.
[[nodiscard]] std::string Keyword(const pybind11::object& word);

}  // namespace memstack::script
