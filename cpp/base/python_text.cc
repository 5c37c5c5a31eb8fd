#include "base/python_text.h"

namespace memstack {
namespace {

unsigned Byte(std::string_view text, size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool IsContinuation(std::string_view text, size_t i) {
  return i < text.size() && (Byte(text, i) & 0xC0U) == 0x80U;
}

// Length of the well-formed sequence that starts at i, or 0. Table 3-7 of the Unicode standard.
size_t SequenceLength(std::string_view text, size_t i) {
  const unsigned lead = Byte(text, i);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !IsContinuation(text, i + 1)) return 0;
  if (lead < 0xE0) return 2;
  const unsigned second = Byte(text, i + 1);
  if (!IsContinuation(text, i + 2)) return 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (!IsContinuation(text, i + 3)) return 0;
  const bool overlong = lead == 0xF0 && second < 0x90;
  const bool too_large = lead == 0xF4 && second > 0x8F;
  return overlong || too_large ? 0 : 4;
}

bool IsSpace(unsigned c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

// Bytes of the white space character that starts at i, or 0. All of them are at most three bytes long.
size_t SpaceLength(std::string_view text, size_t i) {
  const size_t length = SequenceLength(text, i);
  if (length == 1) return IsSpace(Byte(text, i)) ? 1 : 0;
  if (length == 2) return IsSpace((Byte(text, i) & 0x1FU) << 6 | (Byte(text, i + 1) & 0x3FU)) ? 2 : 0;
  if (length != 3) return 0;
  const unsigned c =
      (Byte(text, i) & 0x0FU) << 12 | (Byte(text, i + 1) & 0x3FU) << 6 | (Byte(text, i + 2) & 0x3FU);
  return IsSpace(c) ? 3 : 0;
}

}  // namespace

std::string UniversalNewlines(std::string_view text) {
  if (text.find('\r') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out += '\n';
    }
  }
  return out;
}

size_t FindInvalidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = SequenceLength(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::string_view StripLeft(std::string_view text) {
  while (!text.empty()) {
    const size_t length = SpaceLength(text, 0);
    if (length == 0) break;
    text.remove_prefix(length);
  }
  return text;
}

std::string_view StripRight(std::string_view text) {
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && IsContinuation(text, start)) --start;
    if (SpaceLength(text, start) != text.size() - start) break;
    text = text.substr(0, start);
  }
  return text;
}

std::string_view Strip(std::string_view text) {
  return StripRight(StripLeft(text));
}

size_t LeadingSpaces(std::string_view text) {
  size_t count = 0;
  for (size_t length = 0; !text.empty() && (length = SpaceLength(text, 0)) > 0; ++count)
    text.remove_prefix(length);
  return count;
}

}  // namespace memstack
