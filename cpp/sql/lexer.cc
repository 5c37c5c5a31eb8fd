#include "sql/lexer.h"

#include <algorithm>

#include "base/ascii.h"

namespace memstack::sql {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool StartsWord(char c) {
  return IsAsciiLetter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool ContinuesWord(char c) {
  return StartsWord(c) || IsAsciiDigit(c) || c == '$';
}
bool ContinuesTag(char c) {
  return StartsWord(c) || IsAsciiDigit(c);
}

}  // namespace

bool Lexer::SkipBlockComment() {
  int depth = 0;
  while (position_ < text_.size()) {
    const std::string_view pair = text_.substr(position_, 2);
    if (pair == "/*") {
      ++depth;
      position_ += 2;
    } else if (pair == "*/") {
      position_ += 2;
      if (--depth == 0) return true;
    } else {
      ++position_;
    }
  }
  return false;
}

bool Lexer::SkipBlanksAndComments() {
  while (position_ < text_.size()) {
    const std::string_view pair = text_.substr(position_, 2);
    if (IsBlank(At(position_))) {
      ++position_;
    } else if (pair == "--") {
      position_ = std::min(text_.find_first_of("\r\n", position_), text_.size());
    } else if (pair == "/*") {
      if (!SkipBlockComment()) return false;
    } else {
      return true;
    }
  }
  return true;
}

bool Lexer::ContinueString() {
  size_t ahead = position_;
  bool newline = false;
  while (ahead < text_.size()) {
    if (IsBlank(At(ahead))) {
      newline = newline || At(ahead) == '\n' || At(ahead) == '\r';
      ++ahead;
    } else if (newline && text_.substr(ahead, 2) == "--") {
      // Between the pieces of a string only -- comments may stand, and only behind the newline.
      ahead = std::min(text_.find_first_of("\r\n", ahead), text_.size());
    } else {
      break;
    }
  }
  if (!newline || At(ahead) != '\'') return false;
  position_ = ahead;
  return true;
}

Token Lexer::ReadString(size_t begin, bool backslash_escapes) {
  do {
    for (++position_;; ++position_) {
      if (position_ >= text_.size()) return Make(TokenKind::kString, begin, false);
      if (backslash_escapes && text_[position_] == '\\') {
        ++position_;
        if (position_ >= text_.size()) return Make(TokenKind::kString, begin, false);
      } else if (text_[position_] == '\'') {
        if (At(position_ + 1) != '\'') break;
        ++position_;
      }
    }
    ++position_;
  } while (ContinueString());
  return Make(TokenKind::kString, begin);
}

Token Lexer::ReadQuotedName(size_t begin) {
  for (++position_; position_ < text_.size(); ++position_) {
    if (text_[position_] != '"') continue;
    if (At(position_ + 1) != '"') {
      ++position_;
      return Make(TokenKind::kQuotedName, begin);
    }
    ++position_;
  }
  return Make(TokenKind::kQuotedName, begin, false);
}

Token Lexer::ReadDollar() {
  const size_t begin = position_++;
  if (IsAsciiDigit(At(position_))) {
    while (IsAsciiDigit(At(position_))) ++position_;
    return Make(TokenKind::kParameter, begin);
  }
  size_t tag_end = position_;
  if (StartsWord(At(tag_end))) {
    while (ContinuesTag(At(tag_end))) ++tag_end;
  }
  if (At(tag_end) != '$') return Make(TokenKind::kSymbol, begin);
  const std::string_view tag = text_.substr(begin, tag_end + 1 - begin);
  const size_t close = text_.find(tag, tag_end + 1);
  position_ = close == std::string_view::npos ? text_.size() : close + tag.size();
  return Make(TokenKind::kString, begin, close != std::string_view::npos);
}

Token Lexer::ReadPrefixedString(size_t begin) {
  const char first = At(begin);
  const char second = At(begin + 1);
  if ((first == 'U' || first == 'u') && second == '&' && (At(begin + 2) == '\'' || At(begin + 2) == '"')) {
    position_ = begin + 2;
    return At(position_) == '"' ? ReadQuotedName(begin) : ReadString(begin, false);
  }
  if (second == '\'' && std::string_view("eEbBxXnN").find(first) != std::string_view::npos) {
    position_ = begin + 1;
    const bool escapes = first == 'e' || first == 'E';
    const bool national = first == 'n' || first == 'N';
    return ReadString(begin, escapes || (national && !plain_backslashes_));
  }
  return Make(TokenKind::kEnd, begin);
}

Token Lexer::Next() {
  const size_t before = position_;
  if (!SkipBlanksAndComments()) return Make(TokenKind::kSymbol, before, false);
  const size_t begin = position_;
  if (begin >= text_.size()) return Make(TokenKind::kEnd, begin);
  const char c = text_[begin];
  if (c == '\'') return ReadString(begin, !plain_backslashes_);
  if (c == '"') return ReadQuotedName(begin);
  if (c == '$') return ReadDollar();
  if (StartsWord(c)) {
    const Token token = ReadPrefixedString(begin);
    if (token.kind != TokenKind::kEnd) return token;
    while (ContinuesWord(At(position_))) ++position_;
    return Make(TokenKind::kWord, begin);
  }
  if (IsAsciiDigit(c)) {
    while (ContinuesTag(At(position_)) || At(position_) == '.') ++position_;
    return Make(TokenKind::kNumber, begin);
  }
  ++position_;
  return Make(c == ';' ? TokenKind::kSemicolon : TokenKind::kSymbol, begin);
}

namespace {

constexpr size_t kMaxKeywords = 4;

// Follows one statement: its first words, its parentheses, and BEGIN ATOMIC ... END if it makes a function.
class StatementScanner {
 public:
  explicit StatementScanner(std::string_view script) : script_(script) {}

  bool empty() const { return empty_; }

  void Add(const Token& token) {
    if (empty_) statement_.begin = token.begin;
    empty_ = false;
    statement_.end = token.end;
    statement_.terminated = statement_.terminated && token.terminated;
    if (token.kind == TokenKind::kWord) {
      AddWord(AsciiUpper(script_.substr(token.begin, token.end - token.begin)));
    } else {
      only_words_ = false;
      last_word_.clear();
    }
    if (token.kind != TokenKind::kSymbol) return;
    if (script_[token.begin] == '(') ++parentheses_;
    if (script_[token.begin] == ')' && parentheses_ > 0) --parentheses_;
  }

  bool AtEndOfStatement() const { return parentheses_ == 0 && bodies_ == 0; }

  ScriptStatement Take() {
    ScriptStatement taken = std::move(statement_);
    *this = StatementScanner(script_);
    return taken;
  }

 private:
  void AddWord(std::string word) {
    if (only_words_ && statement_.keywords.size() < kMaxKeywords) statement_.keywords.push_back(word);
    if (parentheses_ == 0 && MakesFunction()) {
      // CASE has an END of its own; BEGIN counts only as BEGIN ATOMIC.
      if (word == "ATOMIC" && last_word_ == "BEGIN") ++bodies_;
      if (word == "CASE" && bodies_ > 0) ++bodies_;
      if (word == "END" && bodies_ > 0) --bodies_;
    }
    last_word_ = std::move(word);
  }

  bool MakesFunction() const {
    const std::vector<std::string>& words = statement_.keywords;
    if (words.size() < 2 || words[0] != "CREATE") return false;
    const std::string& kind = words[1] == "OR" && words.size() > 3 ? words[3] : words[1];
    return kind == "FUNCTION" || kind == "PROCEDURE";
  }

  std::string_view script_;
  ScriptStatement statement_;
  bool empty_ = true;
  bool only_words_ = true;
  int parentheses_ = 0;
  int bodies_ = 0;
  std::string last_word_;
};

}  // namespace

std::vector<ScriptStatement> SplitStatements(std::string_view script, bool standard_conforming_strings) {
  std::vector<ScriptStatement> statements;
  Lexer lexer(script, standard_conforming_strings);
  StatementScanner scanner(script);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.kind == TokenKind::kSemicolon && scanner.AtEndOfStatement()) {
      if (!scanner.empty()) statements.push_back(scanner.Take());
    } else {
      scanner.Add(token);
    }
  }
  if (!scanner.empty()) statements.push_back(scanner.Take());
  return statements;
}

std::vector<Token> NumberedParameters(std::string_view statement, bool standard_conforming_strings) {
  std::vector<Token> parameters;
  Lexer lexer(statement, standard_conforming_strings);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.kind == TokenKind::kParameter) parameters.push_back(token);
  }
  return parameters;
}

}  // namespace memstack::sql
