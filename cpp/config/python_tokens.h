// Python source as tokens: enough to judge it as text, without running it.
//
// Comments are gone, strings are tokens of their own, brackets and lines are known. Where Python's tokenizer
// could see something else than this one does, it says so (`doubt`) instead of guessing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memstack::config {

enum class PythonTokenKind { kName, kNumber, kString, kOperator };

struct PythonToken {
  PythonTokenKind kind = PythonTokenKind::kOperator;
  std::string text;    // of a string: what stands between the quotes, escapes not resolved
  std::string prefix;  // of a string: lower case, e.g. "rb"
  int line = 0;        // from 1
  size_t depth = 0;  // brackets open around it; an opening bracket counts as inside, a closing one as outside
  bool starts_line = false;  // first of a logical line

  bool Is(std::string_view what) const { return kind != PythonTokenKind::kString && text == what; }
  bool IsString() const { return kind == PythonTokenKind::kString; }
};

// A logical line: several physical ones if brackets or backslashes join them.
struct PythonLine {
  size_t begin = 0;  // tokens [begin, end)
  size_t end = 0;
  size_t indent = 0;  // columns, a tab to the next multiple of eight
};

struct PythonTokens {
  std::vector<PythonToken> tokens;
  std::vector<PythonLine> lines;
  std::string doubt;  // why this cannot be relied on; "": it can
  int doubt_line = 0;
};

PythonTokens TokenizePython(std::string_view source);

}  // namespace memstack::config
