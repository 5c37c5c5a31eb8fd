#include "revision/python_tokens.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace memstack::revision {
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
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool IsNamePart(char c) {
  return IsNameStart(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool IsQuote(char c) {
  return c == '\'' || c == '"';
}

// Whether the letters before a quote make a string prefix; `formatted` says whether an f-string (or 3.14's
// template string), whose end depends on the expressions in it.
bool IsStringPrefix(std::string_view name, bool* formatted) {
  std::string lower;
  for (const char c : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static constexpr std::array<std::string_view, 5> kPlain = {"r", "u", "b", "br", "rb"};
  static constexpr std::array<std::string_view, 6> kFormatted = {"f", "fr", "rf", "t", "tr", "rt"};
  *formatted = std::find(kFormatted.begin(), kFormatted.end(), lower) != kFormatted.end();
  return *formatted || std::find(kPlain.begin(), kPlain.end(), lower) != kPlain.end();
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view source) : source_(source) {}

  std::vector<LogicalLine> Run() {
    while (at_ < source_.size()) Next();
    if (!open_.empty()) throw Doubt("a bracket is not closed", line_);
    EndLine();
    return std::move(lines_);
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
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0 ||
               (c == '.' && std::isdigit(static_cast<unsigned char>(Peek(1))) != 0)) {
      ReadNumber();
    } else {
      ReadOperator();
    }
  }

  // A backslash that starts a line would make the column of the next one the indentation: left to Python.
  void JoinLines() {
    if (Peek(1) != '\n' || at_ + 2 >= source_.size()) throw Doubt("a stray backslash", line_);
    if (current_.tokens.empty()) throw Doubt("a line that starts with a backslash", line_);
    at_ += 2;
    ++line_;
  }

  void ReadName() {
    const size_t start = at_;
    while (IsNamePart(Peek())) ++at_;
    bool formatted = false;
    if (IsQuote(Peek()) && IsStringPrefix(source_.substr(start, at_ - start), &formatted)) {
      ReadString(start, formatted);
    } else {
      Add(TokenKind::kName, start, line_);
    }
  }

  // Numbers never matter, only where they end: "1e-5" must not leave a name behind.
  void ReadNumber() {
    const size_t start = at_;
    while (IsNamePart(Peek()) || Peek() == '.') {
      const bool exponent = (Peek() == 'e' || Peek() == 'E') && !source_.substr(start).starts_with("0x") &&
                            !source_.substr(start).starts_with("0X");
      ++at_;
      if (exponent && (Peek() == '+' || Peek() == '-')) ++at_;
    }
    Add(TokenKind::kNumber, start, line_);
  }

  void ReadOperator() {
    const size_t start = at_;
    const std::string_view rest = source_.substr(at_);
    // Brackets, commas and most others stand alone: only these can go on.
    const bool may_go_on = kSecondCharacters.find(Peek(1)) != std::string_view::npos;
    for (const std::string_view candidate : kLongOperators) {
      if (may_go_on && rest.starts_with(candidate)) {
        at_ += candidate.size();
        Add(TokenKind::kOperator, start, line_);
        return;
      }
    }
    const char c = Peek();
    if (kSingleOperators.find(c) == std::string_view::npos) {
      throw Doubt(static_cast<unsigned char>(c) >= 0x80 ? "an identifier outside ASCII"
                                                        : "a character that this reader does not know",
                  line_);
    }
    ++at_;
    if (c == ')' || c == ']' || c == '}') CloseBracket(c);
    Add(TokenKind::kOperator, start, line_);
    if (c == '(' || c == '[' || c == '{') open_ += c;
    if (open_.size() > kDeepestBrackets) throw Doubt("brackets are nested too deeply", line_);
  }

  void CloseBracket(char c) {
    const char wanted = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (open_.empty() || open_.back() != wanted) throw Doubt("brackets do not match", line_);
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
      if (at_ >= source_.size() || (c == '\n' && !triple)) throw Doubt("a string is not closed", first_line);
      if (formatted && (c == '{' || c == '}' || field_depth_ > 0)) {
        StepInFormatted(quote);
        continue;
      }
      if (c == '\\') Advance();
      Advance();
    }
    if (field_depth_ != 0) throw Doubt("an f-string that needs Python's own parser", first_line);
    at_ += triple ? 3 : 1;
    Add(TokenKind::kString, start, first_line);
  }

  bool AtStringEnd(char quote, bool triple) const {
    if (at_ >= source_.size()) return false;
    return Peek() == quote && (!triple || (Peek(1) == quote && Peek(2) == quote));
  }

  // Before 3.12 a quote inside a replacement field always ended the string, since then it does not: where the
  // two could differ, or braces cannot be counted with certainty, there is doubt.
  void StepInFormatted(char quote) {
    const char c = Peek();
    if (field_depth_ == 0) {
      if (Peek(1) == c) {
        at_ += 2;
      } else if (c == '{') {
        field_depth_ = 1;
        Advance();
      } else {
        throw Doubt("an f-string with a single '}'", line_);
      }
      return;
    }
    if (c == '\\' || (c == '#' && source_[at_ - 1] != ':')) {
      throw Doubt("an f-string that needs Python's own parser", line_);
    }
    if (IsQuote(c)) {
      SkipNestedString(quote);
      return;
    }
    field_depth_ += c == '{' ? 1 : c == '}' ? -1 : 0;
    Advance();
  }

  void SkipNestedString(char outer) {
    const char inner = Peek();
    const bool has_prefix = IsNamePart(source_[at_ - 1]);
    const size_t end = source_.find_first_of("\"'\\\n", at_ + 1);
    if (inner == outer || has_prefix || end == std::string_view::npos || source_[end] != inner) {
      throw Doubt("an f-string that needs Python's own parser", line_);
    }
    at_ = end + 1;
    if (Peek() == inner) throw Doubt("an f-string that needs Python's own parser", line_);
  }

  void Advance() {
    if (Peek() == '\n') ++line_;
    ++at_;
  }

  void Add(TokenKind kind, size_t start, int line) {
    if (current_.tokens.empty()) current_.indent = column_;
    current_.tokens.push_back(
        {kind, source_.substr(start, at_ - start), line, static_cast<int>(open_.size())});
  }

  void EndLine() {
    if (!current_.tokens.empty()) lines_.push_back(std::move(current_));
    current_ = LogicalLine{};
    column_ = 0;
  }

  const std::string_view source_;
  size_t at_ = 0;
  int line_ = 1;
  int column_ = 0;       // of white space at the start of the line; meaningless after the first token
  int field_depth_ = 0;  // open braces of the f-string being read
  std::string open_;     // the brackets that are open
  LogicalLine current_{};
  std::vector<LogicalLine> lines_;
};

}  // namespace

std::vector<LogicalLine> SplitIntoLines(std::string_view source) {
  return Tokenizer(source).Run();
}

}  // namespace memstack::revision
