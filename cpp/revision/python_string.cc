#include "revision/python_string.h"

#include <algorithm>
#include <cstdint>

#include "base/ascii.h"
#include "base/python_doubt.h"

namespace memstack::revision {
namespace {

void AppendUtf8(std::string& out, uint32_t code) {
  const auto add = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6);
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

// One literal's body, between the quotes.
class Unescaper {
 public:
  Unescaper(std::string_view body, int line, std::string& out) : body_(body), line_(line), out_(out) {}

  void Run() {
    while (at_ < body_.size()) {
      if (body_[at_] != '\\') {
        out_ += body_[at_++];
      } else {
        ++at_;
        Escape();
      }
    }
  }

 private:
  // https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences
  void Escape() {
    static constexpr std::string_view kLetters = "\\'\"abfnrtv";
    static constexpr std::string_view kValues = "\\'\"\a\b\f\n\r\t\v";
    const char c = body_[at_];
    if (const size_t simple = kLetters.find(c); simple != std::string_view::npos) {
      out_ += kValues[simple];
      ++at_;
    } else if (c == '\n') {
      ++at_;
    } else if (c >= '0' && c <= '7') {
      Octal();
    } else if (c == 'x' || c == 'u' || c == 'U') {
      Hexadecimal(c == 'x' ? 2 : c == 'u' ? 4 : 8);
    } else if (c == 'N') {
      throw PythonDoubt("a string with a named character, \\N{...}", line_);
    } else {
      out_ += '\\';  // an unknown escape stays as it is
    }
  }

  void Octal() {
    uint32_t code = 0;
    for (int digits = 0; digits < 3 && at_ < body_.size() && body_[at_] >= '0' && body_[at_] <= '7';
         ++digits) {
      code = code * 8 + static_cast<uint32_t>(body_[at_++] - '0');
    }
    AppendUtf8(out_, code);
  }

  void Hexadecimal(size_t digits) {
    const std::string_view text = body_.substr(at_ + 1, digits);
    const bool is_hex =
        std::all_of(text.begin(), text.end(), [](char digit) { return HexValue(digit) >= 0; });
    if (text.size() != digits || !is_hex) throw PythonDoubt("a string with a broken escape", line_);
    const uint64_t code = std::stoull(std::string(text), nullptr, 16);
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      throw PythonDoubt("a string with a character that UTF-8 cannot hold", line_);
    }
    AppendUtf8(out_, static_cast<uint32_t>(code));
    at_ += 1 + digits;
  }

  const std::string_view body_;
  const int line_;
  std::string& out_;
  size_t at_ = 0;
};

// Appends the value of one literal; false if it is no plain string.
bool AppendValue(const PythonToken& literal, std::string& out) {
  if (literal.HasPrefix("bft")) return false;
  if (literal.HasPrefix("r")) {
    out += literal.Body();
  } else {
    Unescaper(literal.Body(), literal.line, out).Run();
  }
  return true;
}

}  // namespace

std::optional<std::string> StringValue(std::span<const PythonToken> literals) {
  std::string value;
  for (const PythonToken& literal : literals) {
    if (!AppendValue(literal, value)) return std::nullopt;
  }
  return value;
}

}  // namespace memstack::revision
