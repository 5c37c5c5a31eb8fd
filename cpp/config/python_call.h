// A call in a row of tokens, taken apart into its arguments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/python_tokens.h"

namespace memstack::config {

struct PythonArgument {
  std::string keyword;     // "" for a positional one
  bool is_spread = false;  // *args, **kwargs
  size_t begin = 0;        // tokens of the value: [begin, end)
  size_t end = 0;
};

// The arguments of the call whose name is token `name`; nullopt: no '(' follows it.
std::optional<std::vector<PythonArgument>> ParseCall(const PythonTokens& python, size_t name);

// The bracket that encloses token `at`: [first token inside, closing token), or the whole text outside
// brackets.
std::pair<size_t, size_t> EnclosingBracket(const PythonTokens& python, size_t at);

// Whether token `at` is part of an import statement.
bool IsInImport(const PythonTokens& python, size_t at);

// Behind the last line of the suite that logical line `line` opens: all that follows and is indented deeper.
size_t EndOfSuite(const PythonTokens& python, size_t line);

}  // namespace memstack::config
