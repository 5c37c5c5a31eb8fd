#include "revision/python_string.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

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
      throw Doubt("a string with a named character, \\N{...}", line_);
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
        std::all_of(text.begin(), text.end(), [](unsigned char digit) { return std::isxdigit(digit) != 0; });
    if (text.size() != digits || !is_hex) throw Doubt("a string with a broken escape", line_);
    const uint64_t code = std::stoull(std::string(text), nullptr, 16);
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      throw Doubt("a string with a character that UTF-8 cannot hold", line_);
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
bool AppendValue(const Token& literal, std::string& out) {
  const std::string_view text = literal.text;
  const size_t quote = text.find_first_of("'\"");
  bool is_raw = false;
  for (const char c : text.substr(0, quote)) {
    if (c == 'r' || c == 'R') is_raw = true;
    if (std::string_view("bBfFtT").find(c) != std::string_view::npos) return false;
  }
  const bool triple =
      text.size() - quote >= 6 && text[quote + 1] == text[quote] && text[quote + 2] == text[quote];
  const size_t width = triple ? 3 : 1;
  const std::string_view body = text.substr(quote + width, text.size() - quote - 2 * width);
  if (is_raw) {
    out += body;
  } else {
    Unescaper(body, literal.line, out).Run();
  }
  return true;
}

// The characters for which str.isspace() holds, outside and inside ASCII.
constexpr std::array<std::string_view, 29> kSpaces = {
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\x1c",   "\x1d",   "\x1e",   "\x1f",
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

}  // namespace

std::optional<std::string> StringValue(std::span<const Token> literals) {
  std::string value;
  for (const Token& literal : literals) {
    if (!AppendValue(literal, value)) return std::nullopt;
  }
  return value;
}

std::string_view StripLikePython(std::string_view text) {
  const auto space_at_start = [&](std::string_view space) { return text.starts_with(space); };
  const auto space_at_end = [&](std::string_view space) { return text.ends_with(space); };
  for (;;) {
    const auto* const found = std::find_if(kSpaces.begin(), kSpaces.end(), space_at_start);
    if (found == kSpaces.end()) break;
    text.remove_prefix(found->size());
  }
  for (;;) {
    const auto* const found = std::find_if(kSpaces.begin(), kSpaces.end(), space_at_end);
    if (found == kSpaces.end()) break;
    text.remove_suffix(found->size());
  }
  return text;
}

}  // namespace memstack::revision
