#include "revision/near_ids.h"

#include <algorithm>
#include <numeric>

namespace memstack::revision {
namespace {

// Levenshtein distance, row by row.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

size_t SharedBeginning(std::string_view a, std::string_view b) {
  const auto [end, ignored] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<size_t>(end - a.begin());
}

}  // namespace

std::vector<std::string> NearNames(std::string_view text, const std::vector<std::string>& names) {
  constexpr size_t kMost = 5;
  constexpr size_t kLongest = 128;  // what is longer than that is no mistyped id
  std::vector<std::pair<size_t, std::string>> near;
  if (text.empty() || text.size() > kLongest) return {};
  for (const std::string& name : names) {
    if (name.size() > kLongest) continue;
    const size_t distance = EditDistance(text, name);
    const bool is_typo = distance <= std::max<size_t>(1, text.size() / 4);
    const bool shares_beginning = 2 * SharedBeginning(text, name) >= std::max<size_t>(text.size(), 4);
    if (is_typo || shares_beginning) near.emplace_back(distance, name);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> best;
  for (size_t i = 0; i < std::min(near.size(), kMost); ++i) best.push_back(std::move(near[i].second));
  return best;
}

std::string Quoted(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

std::string DidYouMean(const std::vector<std::string>& near, std::string_view otherwise) {
  return near.empty() ? std::string(otherwise) : "did you mean " + Quoted(near) + "?";
}

}  // namespace memstack::revision
