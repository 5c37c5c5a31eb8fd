// The little of Unicode that reading text as Python does needs.
#pragma once

#include <cstddef>
#include <string_view>

namespace memstack {

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
