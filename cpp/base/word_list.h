// Lists of words that are known beforehand.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace memstack {

inline bool Contains(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace memstack
