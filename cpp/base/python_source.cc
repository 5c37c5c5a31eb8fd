#include "base/python_source.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/python_doubt.h"
#include "base/python_text.h"

namespace memstack {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

// The name in a coding comment (PEP 263: "coding[:=]\s*([-\w.]+)"), "" if the line has none.
std::string CodingOf(std::string_view line) {
  const size_t start = line.find_first_not_of(" \t\f");
  if (start == std::string_view::npos || line[start] != '#') return "";
  for (size_t at = line.find("coding", start); at != std::string_view::npos;
       at = line.find("coding", at + 1)) {
    size_t i = at + 6;
    if (i >= line.size() || (line[i] != ':' && line[i] != '=')) continue;
    i = line.find_first_not_of(" \t", i + 1);
    std::string name;
    for (; i < line.size(); ++i) {
      const char c = line[i];
      if (!IsAsciiWord(c) && c != '-' && c != '.') break;
      name += c == '_' ? '-' : AsciiLower(c);
    }
    if (!name.empty()) return name;
  }
  return "";
}

bool IsBlankOrComment(std::string_view line) {
  const size_t start = line.find_first_not_of(" \t\f");
  return start == std::string_view::npos || line[start] == '#';
}

// Python looks at the second line only where the first holds no code.
void CheckCoding(std::string_view source) {
  static constexpr std::array kUtf8 = {"utf-8", "utf8", "utf-8-sig"};
  static constexpr std::array kAsciiSupersets = {"ascii",      "us-ascii",    "latin-1", "latin1",
                                                 "iso-8859-1", "iso-8859-15", "cp1252",  "windows-1252"};
  for (int line = 1; line <= 2; ++line) {
    const size_t end = std::min(source.find('\n'), source.size());
    const std::string coding = CodingOf(source.substr(0, end));
    if (!coding.empty()) {
      if (std::find(kUtf8.begin(), kUtf8.end(), coding) != kUtf8.end()) return;
      const bool is_superset =
          std::find(kAsciiSupersets.begin(), kAsciiSupersets.end(), coding) != kAsciiSupersets.end();
      if (is_superset && IsAscii(source)) return;
      throw PythonDoubt("the source encoding is " + coding, line);
    }
    if (end == source.size() || !IsBlankOrComment(source.substr(0, end))) return;
    source.remove_prefix(end + 1);
  }
}

}  // namespace

std::string DecodePythonSource(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  std::string source = UniversalNewlines(bytes);
  if (source.find('\0') != std::string::npos)
    throw PythonDoubt("the source text contains a NUL character", 0);
  CheckCoding(source);
  if (FindInvalidUtf8(source) != std::string::npos)
    throw PythonDoubt("the source text is not valid UTF-8", 0);
  return source;
}

}  // namespace memstack
