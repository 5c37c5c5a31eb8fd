// The literals that a revision's header is made of: None, strings, tuples and lists of strings.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/python_tokens.h"

namespace memstack::revision {

struct Literal {
  enum class Kind { kNone, kString, kSequence };
  Kind kind = Kind::kNone;
  std::vector<std::string> strings;  // one for kString
  bool is_mutable = false;           // a list or a set: it could be changed after the assignment
};

// The value of a whole expression, e.g. everything right of "=".
// Throws PythonDoubt if it is no such literal; `line` is named where there are no tokens.
Literal ParseLiteral(std::span<const PythonToken> expression, int line);

}  // namespace memstack::revision
