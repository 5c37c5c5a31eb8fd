// Python source text as tokens: as much of the lexical grammar as it takes to find module-level assignments.
// https://docs.python.org/3/reference/lexical_analysis.html
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace memstack::revision {

enum class TokenKind {
  kName,  // identifiers and keywords
  kNumber,
  kString,    // one literal: prefix, quotes and all
  kOperator,  // one character, or an operator of several ("==", ":=", "->", "**=")
};

struct Token {
  TokenKind kind;
  std::string_view text;  // into the source text
  int line;               // from 1
  int depth;              // how many brackets are open round it; a bracket itself counts as outside

  bool Is(std::string_view wanted) const { return kind != TokenKind::kString && text == wanted; }
};

// A logical line: what ends at a NEWLINE token in Python's grammar. Never empty.
struct LogicalLine {
  int indent;  // column of the first token; tabs go to the next multiple of 8, as in Python
  std::vector<Token> tokens;
};

// The reader cannot be sure: not an error of the user's, the file is to be imported instead.
class Doubt : public std::runtime_error {
 public:
  Doubt(const std::string& reason, int line) : std::runtime_error(reason), line_(line) {}
  int line() const { return line_; }

 private:
  int line_;
};

// The text as Python's tokenizer sees it: without byte order mark, with "\n" line ends.
// Throws Doubt for an encoding other than UTF-8 (ASCII text is taken under any ASCII superset that Python
// names so), for text that is not valid UTF-8, and for NUL.
std::string DecodeSource(std::string_view bytes);

// REQUIRES: `source` comes from DecodeSource and outlives the lines.
// Throws Doubt where the text cannot be cut into tokens with certainty: unbalanced brackets, an unterminated
// string, a nested f-string, an identifier outside ASCII (Python would normalise it), a form feed.
std::vector<LogicalLine> SplitIntoLines(std::string_view source);

}  // namespace memstack::revision
