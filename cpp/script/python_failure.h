// Python exceptions as the engine's errors.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <string>

#include "base/error.h"

namespace memstack::script {

// Makes the engine's error for a Python exception that came out of `file`: kSql where the server refused a
// statement, else `code`; with the line, the op.* call, the statement and all that the server said. REQUIRES:
// the GIL.
Error DescribeException(const pybind11::error_already_set& exception, const std::string& file,
                        ErrorCode code);

// The error for a statement that SQLAlchemy has run: kSql with all that the server said, kConnection where
// the connection was lost; nothing for an exception of another kind. REQUIRES: the GIL.
std::optional<Error> DescribeSqlException(const pybind11::error_already_set& exception);

// Whether `exception` is `other`, was raised from it, or while it was handled. REQUIRES: the GIL.
bool ComesFrom(const pybind11::handle& exception, const pybind11::handle& other);
// The same for a MigrateError that was made of `error`. REQUIRES: the GIL.
bool ComesFromEngine(const pybind11::handle& exception, const Error& error);

}  // namespace memstack::script
