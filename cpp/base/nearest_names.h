// The known names that a mistyped one resembles, for "did you mean ...".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memstack {

struct NearnessRule {
  size_t most;     // how many names are offered
  size_t longest;  // bytes: nobody mistypes a longer name, and the work grows with the product of the lengths
  bool ignores_case;  // of ASCII letters
  // Whether `name`, `edits` insertions, deletions and replacements away from `text`, is worth offering.
  bool (*is_near)(std::string_view text, std::string_view name, size_t edits);
};

// Those of `names` that are near `text`, the fewest edits first and otherwise in their order; none for "".
std::vector<std::string> NearestNames(std::string_view text, std::span<const std::string_view> names,
                                      const NearnessRule& rule);

}  // namespace memstack
