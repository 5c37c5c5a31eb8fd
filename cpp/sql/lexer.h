// PostgreSQL's lexical rules, as far as they decide where a statement ends and what it is.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memstack::sql {

enum class TokenKind {
  kWord,        // a key word or a bare identifier
  kQuotedName,  // "..." or U&"..."
  kString,      // '...', E'...', B'...', X'...', N'...', U&'...', $tag$...$tag$
  kNumber,
  kParameter,  // $1
  kSymbol,     // one character of an operator or of punctuation
  kSemicolon,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  size_t begin = 0;  // bytes into the script
  size_t end = 0;
  bool terminated = true;  // false: a string, a quoted name or a comment that runs to the end of the script
};

// Reads tokens from left to right, skipping blanks and comments (nested ones, too). One thread at a time; the
// text must outlive it. Never fails: bytes that no rule knows are symbols, and the server is the judge of
// them.
class Lexer {
 public:
  // `standard_conforming_strings`: as in the session that the script is meant for.
  explicit Lexer(std::string_view text, bool standard_conforming_strings = true)
      : text_(text), plain_backslashes_(standard_conforming_strings) {}

  // The next token; kEnd for ever after the last.
  Token Next();

 private:
  // Moves position_ to the next token; false if a block comment never ends.
  bool SkipBlanksAndComments();
  bool SkipBlockComment();
  // Each reads from position_, which stands at its first character, and moves behind it.
  Token ReadPrefixedString(size_t begin);
  Token ReadString(size_t begin, bool backslash_escapes);
  Token ReadQuotedName(size_t begin);
  Token ReadDollar();
  Token Make(TokenKind kind, size_t begin, bool terminated = true) const {
    return {kind, begin, position_, terminated};
  }
  // True if blanks with a newline and then a quote follow: the string goes on there, by the same rules.
  bool ContinueString();
  char At(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }

  std::string_view text_;
  bool plain_backslashes_;
  size_t position_ = 0;
};

// One statement of a script.
struct ScriptStatement {
  size_t begin = 0;  // of its first token: blanks and comments before it are left out
  size_t end = 0;    // behind its last token: the semicolon is left out
  // Its first words in upper case, at most four, up to the first token that is no word: {"CREATE", "UNIQUE",
  // "INDEX"}.
  std::vector<std::string> keywords;
  bool terminated =
      true;  // false: something in it runs to the end of the script, and the server will refuse it
};

// The statements of `script` in order; empty ones are left out. A semicolon inside parentheses (CREATE RULE
// ... DO (a; b)) and inside BEGIN ATOMIC ... END of a function ends nothing, as in psql.
[[nodiscard]] std::vector<ScriptStatement> SplitStatements(std::string_view script,
                                                           bool standard_conforming_strings = true);

// The places of `$1` and its like in `statement`, in order: those in strings, names and comments are none.
[[nodiscard]] std::vector<Token> NumberedParameters(std::string_view statement,
                                                    bool standard_conforming_strings = true);

}  // namespace memstack::sql
