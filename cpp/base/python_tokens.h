// Python source text as tokens: enough to judge it without running it. Comments are gone, strings are tokens
// of their own, brackets and lines are known.
// https://docs.python.org/3/reference/lexical_analysis.html
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace memstack {

enum class PythonTokenKind {
  kName,  // identifiers and keywords
  kNumber,
  kString,    // one literal: prefix, quotes and all
  kOperator,  // one character, or an operator of several ("==", ":=", "->", "**=")
};

struct PythonToken {
  std::string_view text;  // into the source text
  PythonTokenKind kind = PythonTokenKind::kOperator;
  int line = 0;              // from 1; of a string, where it starts
  int depth = 0;             // how many brackets are open round it; a bracket itself counts as outside
  bool starts_line = false;  // the first of a logical line

  // Never true of a string.
  bool Is(std::string_view wanted) const { return kind != PythonTokenKind::kString && text == wanted; }
  bool IsString() const { return kind == PythonTokenKind::kString; }

  // REQUIRES of both: IsString().
  // Whether one of the lower-case `letters` is in the prefix, in either case: HasPrefix("ft") of F"" is true.
  bool HasPrefix(std::string_view letters) const;
  // What stands between the quotes, escapes not resolved.
  std::string_view Body() const;
};

// A logical line: what ends at a NEWLINE token in Python's grammar. Never empty.
struct PythonLine {
  size_t begin = 0;  // tokens [begin, end)
  size_t end = 0;
  int indent = 0;  // column of the first token; tabs go to the next multiple of 8, as in Python
};

struct PythonTokens {
  std::vector<PythonToken> tokens;
  std::vector<PythonLine> lines;

  std::span<const PythonToken> Of(const PythonLine& line) const {
    return std::span(tokens).subspan(line.begin, line.end - line.begin);
  }
};

// REQUIRES: `source` comes from DecodePythonSource and outlives the tokens.
// Throws PythonDoubt where the text cannot be cut into tokens with certainty: unbalanced brackets, an
// unterminated string, more than one level of quotes in a field of an f-string, an identifier outside ASCII
// (Python would normalise it), a form feed.
PythonTokens TokenizePython(std::string_view source);

}  // namespace memstack
