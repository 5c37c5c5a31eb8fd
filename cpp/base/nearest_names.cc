#include "base/nearest_names.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/ascii.h"

namespace memstack {
namespace {

bool IsSameLetter(char a, char b, bool ignores_case) {
  return a == b || (ignores_case && AsciiLower(a) == AsciiLower(b));
}

// Levenshtein distance, row by row.
size_t CountEdits(std::string_view a, std::string_view b, bool ignores_case) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (IsSameLetter(a[i], b[j], ignores_case) ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({replaced, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> NearestNames(std::string_view text, std::span<const std::string_view> names,
                                      const NearnessRule& rule) {
  if (text.empty() || text.size() > rule.longest) return {};
  std::vector<std::pair<size_t, std::string_view>> near;
  for (const std::string_view name : names) {
    if (name.size() > rule.longest) continue;
    const size_t edits = CountEdits(text, name, rule.ignores_case);
    if (rule.is_near(text, name, edits)) near.emplace_back(edits, name);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> nearest;
  for (size_t i = 0; i < std::min(near.size(), rule.most); ++i) nearest.emplace_back(near[i].second);
  return nearest;
}

}  // namespace memstack
