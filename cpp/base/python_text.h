// Text as Python's own functions see it: line ends, UTF-8, white space.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace memstack {

// As a file that Python opens as text: "\r\n" and "\r" become "\n".
std::string UniversalNewlines(std::string_view text);

// Offset of the first byte that is not well-formed UTF-8 (overlong forms and surrogates are not), or npos.
size_t FindInvalidUtf8(std::string_view text);

// What Python's str.isspace() calls white space, at the start and the end, removed: not only ASCII.
// REQUIRES: text is UTF-8.
std::string_view StripLeft(std::string_view text);
std::string_view StripRight(std::string_view text);
std::string_view Strip(std::string_view text);

// The number of characters (not bytes) of white space that `text` starts with.
size_t LeadingSpaces(std::string_view text);

}  // namespace memstack
