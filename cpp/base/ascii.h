// Characters of ASCII, whatever the locale: the host process may have set one, in which std::isalpha() takes
// single bytes of UTF-8 for letters.
#pragma once

#include <string>
#include <string_view>

namespace memstack {

constexpr bool IsAsciiDigit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool IsAsciiLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool IsAsciiAlphanumeric(char c) {
  return IsAsciiLetter(c) || IsAsciiDigit(c);
}
// As \w of a regular expression.
constexpr bool IsAsciiWord(char c) {
  return IsAsciiAlphanumeric(c) || c == '_';
}
// -1: not a hexadecimal digit.
constexpr int HexValue(char c) {
  if (IsAsciiDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
constexpr char AsciiLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char AsciiUpper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
static_assert(AsciiLower('Z') == 'z' && AsciiLower('\xC9') == '\xC9' && AsciiUpper('z') == 'Z');
static_assert(HexValue('f') == 15 && HexValue('g') == -1 && IsAsciiWord('_') && !IsAsciiWord('\xE9'));

inline std::string AsciiLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = AsciiLower(c);
  return lower;
}
inline std::string AsciiUpper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = AsciiUpper(c);
  return upper;
}

}  // namespace memstack
