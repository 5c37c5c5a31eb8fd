#include "config/python_tokens.h"

#include <algorithm>
#include <cctype>

#include "config/unicode.h"

namespace memstack::config {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool IsNameCharacter(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// PEP 263: a comment on one of the first two lines may name another encoding, in which all else reads
// differently.
bool NamesForeignEncoding(std::string_view line) {
  const size_t comment = line.find_first_not_of(" \t\f");
  if (comment == kNone || line[comment] != '#') return false;
  size_t at = line.find("coding", comment);
  if (at == kNone) return false;
  at += 6;
  if (at >= line.size() || (line[at] != ':' && line[at] != '=')) return false;
  const size_t start = line.find_first_not_of(" \t", at + 1);
  if (start == kNone) return false;
  const std::string_view name = line.substr(start);
  return !name.starts_with("utf-8") && !name.starts_with("utf8") && !name.starts_with("UTF-8");
}

// Whether each replacement field of an f-string ends within `content`. "{{" and "}}" outside a field are
// literal.
bool HasMatchingBraces(std::string_view content) {
  int depth = 0;
  for (size_t i = 0; i < content.size(); ++i) {
    const char c = content[i];
    if (c != '{' && c != '}') continue;
    if (depth == 0 && content.substr(i, 2) == std::string(2, c)) {
      ++i;
    } else {
      depth += c == '{' ? 1 : -1;
      if (depth < 0) return false;
    }
  }
  return depth == 0;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view source) : source_(source) {}

  PythonTokens Run() {
    if (source_.starts_with("\xEF\xBB\xBF")) source_.remove_prefix(3);
    if (FindInvalidUtf8(source_) != kNone || source_.find('\0') != kNone) Doubt("it is not UTF-8 text");
    const size_t first = std::min(source_.find('\n'), source_.size());
    const size_t second = std::min(source_.find('\n', first + 1), source_.size());
    if (NamesForeignEncoding(source_.substr(0, first)) ||
        (first < second && NamesForeignEncoding(source_.substr(first + 1, second - first - 1)))) {
      Doubt("it names another encoding than UTF-8");
    }
    while (at_ < source_.size() && out_.doubt.empty()) Next();
    EndLine();
    if (!open_.empty()) Doubt("a bracket is not closed");
    return std::move(out_);
  }

 private:
  char Peek(size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

  void Doubt(std::string why) {
    if (!out_.doubt.empty()) return;
    out_.doubt = std::move(why);
    out_.doubt_line = line_;
  }

  void Next() {
    const char c = Peek();
    if (c == '\n' || c == '\r') {
      EndPhysicalLine();
    } else if (c == ' ' || c == '\t') {
      if (is_line_start_) indent_ = c == '\t' ? (indent_ / 8 + 1) * 8 : indent_ + 1;
      ++at_;
    } else if (c == '#') {
      // Python ends a comment at any line end, and nothing else ends one.
      while (at_ < source_.size() && Peek() != '\n' && Peek() != '\r') ++at_;
    } else if (c == '\\' && (Peek(1) == '\n' || Peek(1) == '\r')) {
      at_ += Peek(1) == '\r' && Peek(2) == '\n' ? 3 : 2;
      ++line_;
    } else if (c == '"' || c == '\'') {
      TakeString("");
    } else if (IsNameCharacter(c)) {
      TakeWord();
    } else if (c == '\f' || static_cast<unsigned char>(c) >= 0x80) {
      // Identifiers are compared after normalization: a full-width letter may spell an ASCII name.
      Doubt("a character outside ASCII stands outside strings and comments");
    } else {
      TakeOperator(c);
    }
  }

  void EndPhysicalLine() {
    if (Peek() == '\r' && Peek(1) == '\n') ++at_;
    ++at_;
    if (open_.empty()) EndLine();
    ++line_;
  }

  void EndLine() {
    if (line_begin_ < out_.tokens.size()) {
      out_.lines.push_back(PythonLine{line_begin_, out_.tokens.size(), line_indent_});
      line_begin_ = out_.tokens.size();
    }
    indent_ = 0;
    is_line_start_ = true;
  }

  void Add(PythonTokenKind kind, std::string text, std::string prefix, int line) {
    if (is_line_start_) line_indent_ = indent_;
    out_.tokens.push_back(
        PythonToken{kind, std::move(text), std::move(prefix), line, open_.size(), is_line_start_});
    is_line_start_ = false;
  }

  void TakeWord() {
    const size_t start = at_;
    const bool is_number = std::isdigit(static_cast<unsigned char>(Peek())) != 0;
    while (IsNameCharacter(Peek()) || (is_number && Peek() == '.')) ++at_;
    const std::string_view word = source_.substr(start, at_ - start);
    if (!is_number && (Peek() == '"' || Peek() == '\'')) {
      std::string prefix(word);
      for (char& c : prefix) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      if (word.size() <= 2 && prefix.find_first_not_of("rbuft") == kNone)
        return TakeString(std::move(prefix));
      return Doubt("a name stands right before a string");
    }
    Add(is_number ? PythonTokenKind::kNumber : PythonTokenKind::kName, std::string(word), "", line_);
  }

  void TakeString(std::string prefix) {
    const char quote = Peek();
    const int first_line = line_;
    const bool is_triple = Peek(1) == quote && Peek(2) == quote;
    const std::string end(is_triple ? 3 : 1, quote);
    at_ += end.size();
    const size_t start = at_;
    while (source_.substr(at_, end.size()) != end) {
      if (at_ >= source_.size() || (!is_triple && (Peek() == '\n' || Peek() == '\r'))) {
        return Doubt("a string is not closed");
      }
      // A backslash keeps the next character in the string, in raw strings, too.
      const size_t step = Peek() == '\\' && at_ + 1 < source_.size() ? 2 : 1;
      if (source_.substr(at_, step).find('\n') != kNone) ++line_;
      at_ += step;
    }
    const std::string_view content = source_.substr(start, at_ - start);
    at_ += end.size();
    // Since 3.12 an f-string may hold its own quote inside braces: then it did not end here.
    if (prefix.find_first_of("ft") != kNone && !HasMatchingBraces(content)) {
      return Doubt("the braces of an f-string do not match");
    }
    Add(PythonTokenKind::kString, std::string(content), std::move(prefix), first_line);
  }

  void TakeOperator(char c) {
    if (c == ')' || c == ']' || c == '}') {
      if (open_.empty()) return Doubt("a bracket is closed that was not opened");
      open_.pop_back();
    }
    std::string text(1, c);
    const char next = Peek(1);
    // The only longer operators that a reader of these tokens must tell from shorter ones.
    if ((c == '*' && next == '*') || (next == '=' && std::string_view("=!<>:+-*/|&").find(c) != kNone))
      text += next;
    if (c == '(' || c == '[' || c == '{') open_ += c;
    at_ += text.size();
    Add(PythonTokenKind::kOperator, std::move(text), "", line_);
  }

  std::string_view source_;
  size_t at_ = 0;
  int line_ = 1;
  std::string open_;  // the brackets around the place
  size_t line_begin_ = 0;
  size_t line_indent_ = 0;
  size_t indent_ = 0;
  bool is_line_start_ = true;
  PythonTokens out_;
};

}  // namespace

PythonTokens TokenizePython(std::string_view source) {
  return Tokenizer(source).Run();
}

}  // namespace memstack::config
