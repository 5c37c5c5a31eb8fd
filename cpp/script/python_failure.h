// Python exceptions as the engine's errors.
#pragma once

#include <pybind11/pybind11.h>

#include <functional>
#include <string>

#include "base/error.h"

namespace memstack::script {

// Makes the engine's error for a Python exception that came out of `file`: kSql where the server refused a
// statement, else `code`; with the line, the op.* call, the statement and all that the server said. REQUIRES:
// the GIL.
Error DescribeException(const pybind11::error_already_set& exception, const std::string& file,
                        ErrorCode code);

// Whether `is_origin` holds for `exception`, for what it was raised from, or for what was being handled when
// it was raised (a rollback that fails after the connection was lost). REQUIRES: the GIL.
bool IsOrComesFrom(const pybind11::handle& exception,
                   const std::function<bool(const pybind11::handle&)>& is_origin);

}  // namespace memstack::script
