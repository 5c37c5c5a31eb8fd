#include "revision/near_ids.h"

#include <algorithm>

#include "base/nearest_names.h"

namespace memstack::revision {
namespace {

size_t SharedBeginning(std::string_view a, std::string_view b) {
  const auto [end, ignored] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<size_t>(end - a.begin());
}

// One mistake in four letters, or a beginning that both have: people paste ids cut off.
bool IsTypoOrBeginning(std::string_view text, std::string_view name, size_t edits) {
  const bool is_typo = edits <= std::max<size_t>(1, text.size() / 4);
  return is_typo || 2 * SharedBeginning(text, name) >= std::max<size_t>(text.size(), 4);
}

constexpr NearnessRule kRule = {
    .most = 5, .longest = 128, .ignores_case = false, .is_near = &IsTypoOrBeginning};

}  // namespace

std::vector<std::string> NearNames(std::string_view text, const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  return NearestNames(text, views, kRule);
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
