#include "base/python_tokens.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/python_doubt.h"
#include "base/word_list.h"

namespace memstack {
namespace {

// Longest first: the first that fits is the token.
constexpr std::array<std::string_view, 25> kLongOperators = {
    "**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", ":=", "->", "+=", "-=",
    "*=",  "/=",  "%=",  "&=",  "|=",  "^=", "@=", "**", "//", "<<", ">>", "<>"};
constexpr std::string_view kSecondCharacters = "=*/<>.";
constexpr std::string_view kSingleOperators = "+-*/%@&|^~<>()[]{},:.;=";

// Bounds the recursion of whoever parses the tokens; Python itself refuses 200.
constexpr size_t kDeepestBrackets = 100;

bool IsNameStart(char c) {
  return IsAsciiLetter(c) || c == '_';
}
bool IsQuote(char c) {
  return c == '\'' || c == '"';
}

// Whether the letters before a quote make a string prefix; `formatted` says whether an f-string (or 3.14's
// template string), whose end depends on the expressions in it.
bool IsStringPrefix(std::string_view name, bool* formatted) {
  const std::string lower = AsciiLower(name);
  static constexpr std::array<std::string_view, 5> kPlain = {"r", "u", "b", "br", "rb"};
  static constexpr std::array<std::string_view, 6> kFormatted = {"f", "fr", "rf", "t", "tr", "rt"};
  *formatted = Contains(kFormatted, lower);
  return *formatted || Contains(kPlain, lower);
}

bool IsBalanced(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth == 0;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view source) : source_(source) {}

  PythonTokens Run() {
    while (at_ < source_.size()) Next();
    if (!open_.empty()) throw PythonDoubt("a bracket is not closed", line_);
    EndLine();
    return std::move(out_);
  }

 private:
  char Peek(size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

  void Next() {
    const char c = Peek();
    if (c == '\n') {
      ++at_;
      ++line_;
      if (open_.empty()) EndLine();
    } else if (c == ' ' || c == '\t') {
      column_ = c == ' ' ? column_ + 1 : (column_ / 8 + 1) * 8;
      ++at_;
    } else if (c == '#') {
      at_ = std::min(source_.find('\n', at_), source_.size());
    } else if (c == '\\') {
      JoinLines();
    } else if (IsQuote(c)) {
      ReadString(at_, /*formatted=*/false);
    } else if (IsNameStart(c)) {
      ReadName();
    } else if (IsAsciiDigit(c) || (c == '.' && IsAsciiDigit(Peek(1)))) {
      ReadNumber();
    } else {
      ReadOperator();
    }
  }

  // A backslash that starts a line would make the column of the next one the indentation: left to Python.
  void JoinLines() {
    if (Peek(1) != '\n' || at_ + 2 >= source_.size()) throw PythonDoubt("a stray backslash", line_);
    if (IsLineStart()) throw PythonDoubt("a line that starts with a backslash", line_);
    at_ += 2;
    ++line_;
  }

  void ReadName() {
    const size_t start = at_;
    while (IsAsciiWord(Peek())) ++at_;
    bool formatted = false;
    if (IsQuote(Peek()) && IsStringPrefix(source_.substr(start, at_ - start), &formatted)) {
      ReadString(start, formatted);
    } else {
      Add(PythonTokenKind::kName, start, line_);
    }
  }

  // Numbers never matter, only where they end: "1e-5" must not leave a name behind, and "0for" and "1else-x"
  // must not swallow one.
  void ReadNumber() {
    const size_t start = at_;
    const char radix = Peek() == '0' ? AsciiLower(Peek(1)) : '\0';
    if (radix == 'x' || radix == 'o' || radix == 'b') {
      at_ += 2;
      SkipDigits(/*hexadecimal=*/radix == 'x');
    } else {
      SkipDigits(/*hexadecimal=*/false);
      if (Peek() == '.') {
        ++at_;
        SkipDigits(/*hexadecimal=*/false);
      }
      const size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
      if (AsciiLower(Peek()) == 'e' && IsAsciiDigit(Peek(1 + sign))) {
        at_ += 1 + sign;
        SkipDigits(/*hexadecimal=*/false);
      }
      if (AsciiLower(Peek()) == 'j') ++at_;
    }
    Add(PythonTokenKind::kNumber, start, line_);
  }

  void SkipDigits(bool hexadecimal) {
    while (IsAsciiDigit(Peek()) || Peek() == '_' || (hexadecimal && HexValue(Peek()) >= 0)) {
      ++at_;
    }
  }

  void ReadOperator() {
    const size_t start = at_;
    const std::string_view rest = source_.substr(at_);
    // Brackets, commas and most others stand alone: only these can go on.
    const bool may_go_on = kSecondCharacters.find(Peek(1)) != std::string_view::npos;
    for (const std::string_view candidate : kLongOperators) {
      if (may_go_on && rest.starts_with(candidate)) {
        at_ += candidate.size();
        Add(PythonTokenKind::kOperator, start, line_);
        return;
      }
    }
    const char c = Peek();
    if (kSingleOperators.find(c) == std::string_view::npos) {
      throw PythonDoubt(static_cast<unsigned char>(c) >= 0x80 ? "an identifier outside ASCII"
                                                              : "a character that this reader does not know",
                        line_);
    }
    ++at_;
    if (c == ')' || c == ']' || c == '}') CloseBracket(c);
    Add(PythonTokenKind::kOperator, start, line_);
    if (c == '(' || c == '[' || c == '{') open_ += c;
    if (open_.size() > kDeepestBrackets) throw PythonDoubt("brackets are nested too deeply", line_);
  }

  void CloseBracket(char c) {
    const char wanted = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (open_.empty() || open_.back() != wanted) throw PythonDoubt("brackets do not match", line_);
    open_.pop_back();
  }

  // REQUIRES: at_ is at the opening quote; the literal, with its prefix, began at `start`.
  void ReadString(size_t start, bool formatted) {
    const int first_line = line_;
    const char quote = Peek();
    const bool triple = Peek(1) == quote && Peek(2) == quote;
    at_ += triple ? 3 : 1;
    field_depth_ = 0;
    while (!AtStringEnd(quote, triple)) {
      const char c = Peek();
      if (at_ >= source_.size() || (c == '\n' && !triple))
        throw PythonDoubt("a string is not closed", first_line);
      if (formatted && (c == '{' || c == '}' || field_depth_ > 0)) {
        StepInFormatted(quote, triple);
        continue;
      }
      if (c == '\\') Advance();
      Advance();
    }
    if (field_depth_ != 0) throw PythonDoubt("an f-string that needs Python's own parser", first_line);
    at_ += triple ? 3 : 1;
    Add(PythonTokenKind::kString, start, first_line);
  }

  bool AtStringEnd(char quote, bool triple) const {
    if (at_ >= source_.size()) return false;
    return Peek() == quote && (!triple || (Peek(1) == quote && Peek(2) == quote));
  }

  // Before 3.12 a quote inside a replacement field always ended the string, since then it does not: where the
  // two could differ, or braces cannot be counted with certainty, there is doubt.
  void StepInFormatted(char quote, bool triple) {
    const char c = Peek();
    if (field_depth_ == 0) {
      if (Peek(1) == c) {
        at_ += 2;
      } else if (c == '{') {
        field_depth_ = 1;
        Advance();
      } else {
        throw PythonDoubt("an f-string with a single '}'", line_);
      }
      return;
    }
    if (c == '\\' || (c == '#' && source_[at_ - 1] != ':')) {
      throw PythonDoubt("an f-string that needs Python's own parser", line_);
    }
    if (IsQuote(c)) {
      SkipNestedString(quote, triple);
      return;
    }
    field_depth_ += c == '{' ? 1 : c == '}' ? -1 : 0;
    Advance();
  }

  // In a triple-quoted one its own quote is no end as long as it does not come three times in a row.
  void SkipNestedString(char outer, bool triple) {
    const char inner = Peek();
    const bool has_prefix = IsAsciiWord(source_[at_ - 1]);
    const size_t end = source_.find_first_of("\"'\\\n", at_ + 1);
    const bool ends = end != std::string_view::npos && source_[end] == inner;
    // In a nested f-string, a quote in an open field would not be the end.
    const bool may_go_on = has_prefix && ends && !IsBalanced(source_.substr(at_ + 1, end - at_ - 1));
    if ((inner == outer && !triple) || !ends || may_go_on) {
      throw PythonDoubt("an f-string that needs Python's own parser", line_);
    }
    at_ = end + 1;
    if (Peek() == inner) throw PythonDoubt("an f-string that needs Python's own parser", line_);
  }

  void Advance() {
    if (Peek() == '\n') ++line_;
    ++at_;
  }

  bool IsLineStart() const { return line_begin_ == out_.tokens.size(); }

  void Add(PythonTokenKind kind, size_t start, int line) {
    const bool starts_line = IsLineStart();
    if (starts_line) indent_ = column_;
    out_.tokens.push_back(
        {source_.substr(start, at_ - start), kind, line, static_cast<int>(open_.size()), starts_line});
  }

  void EndLine() {
    if (!IsLineStart()) out_.lines.push_back({line_begin_, out_.tokens.size(), indent_});
    line_begin_ = out_.tokens.size();
    column_ = 0;
  }

  const std::string_view source_;
  size_t at_ = 0;
  int line_ = 1;
  int column_ = 0;         // of white space at the start of the line; meaningless after the first token
  int field_depth_ = 0;    // open braces of the f-string being read
  std::string open_;       // the brackets that are open
  size_t line_begin_ = 0;  // the first token of the current logical line
  int indent_ = 0;         // of that line
  PythonTokens out_;
};

}  // namespace

bool PythonToken::HasPrefix(std::string_view letters) const {
  for (const char c : text.substr(0, text.find_first_of("'\""))) {
    if (letters.find(AsciiLower(c)) != std::string_view::npos) return true;
  }
  return false;
}

std::string_view PythonToken::Body() const {
  const size_t quote = text.find_first_of("'\"");
  const bool triple =
      text.size() - quote >= 6 && text[quote + 1] == text[quote] && text[quote + 2] == text[quote];
  const size_t width = triple ? 3 : 1;
  return text.substr(quote + width, text.size() - quote - 2 * width);
}

PythonTokens TokenizePython(std::string_view source) {
  return Tokenizer(source).Run();
}

}  // namespace memstack
