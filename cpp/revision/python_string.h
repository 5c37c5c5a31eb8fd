// The values of Python string literals.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/python_tokens.h"

namespace memstack::revision {

// The value of adjacent literals ('a' "b"), in UTF-8; nullopt if one of them is no plain string (bytes,
// f-string). Throws PythonDoubt where only Python knows the value: \N{...}, a broken escape, a surrogate.
// REQUIRES: every token is a kString.
std::optional<std::string> StringValue(std::span<const PythonToken> literals);

}  // namespace memstack::revision
