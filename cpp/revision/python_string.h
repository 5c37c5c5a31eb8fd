// The values of Python string literals.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "revision/python_tokens.h"

namespace memstack::revision {

// The value of adjacent literals ('a' "b"), in UTF-8; nullopt if one of them is no plain string (bytes,
// f-string). Throws Doubt where only Python knows the value: \N{...}, a broken escape, a surrogate. REQUIRES:
// every token is a kString.
std::optional<std::string> StringValue(std::span<const Token> literals);

// str.strip() of Python: all the white space of Unicode, not only ASCII's.
std::string_view StripLikePython(std::string_view text);

}  // namespace memstack::revision
