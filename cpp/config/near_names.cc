#include "config/near_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace memstack::config {
namespace {

constexpr size_t kMostNames = 3;
// Nobody mistypes a name this long, and the distance costs the product of the lengths.
constexpr size_t kLongestName = 64;

char Lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Levenshtein: insertions, deletions and replacements that turn one into the other.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (Lower(a[i]) == Lower(b[j]) ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({replaced, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> NearNames(std::string_view name, std::span<const std::string_view> known) {
  if (name.size() > kLongestName) return {};
  std::vector<std::pair<size_t, std::string_view>> near;
  for (const std::string_view candidate : known) {
    const size_t distance = Distance(name, candidate);
    if (distance <= std::max<size_t>(1, std::max(name.size(), candidate.size()) / 3)) {
      near.emplace_back(distance, candidate);
    }
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (size_t i = 0; i < near.size() && i < kMostNames; ++i) names.emplace_back(near[i].second);
  return names;
}

std::string DidYouMean(std::string_view name, std::span<const std::string_view> known) {
  const std::vector<std::string> near = NearNames(name, known);
  if (near.empty()) return fmt::format("known are: {}", fmt::join(known, ", "));
  return fmt::format("did you mean '{}'?", fmt::join(near, "' or '"));
}

}  // namespace memstack::config
