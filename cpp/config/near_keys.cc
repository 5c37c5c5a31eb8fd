#include "config/near_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest_names.h"

namespace memstack::config {
namespace {

// One mistake in three letters.
bool IsTypo(std::string_view key, std::string_view known, size_t edits) {
  return edits <= std::max<size_t>(1, std::max(key.size(), known.size()) / 3);
}

constexpr NearnessRule kRule = {.most = 3, .longest = 64, .ignores_case = true, .is_near = &IsTypo};

}  // namespace

std::vector<std::string> NearKeys(std::string_view key, std::span<const std::string_view> known) {
  return NearestNames(key, known, kRule);
}

std::string DidYouMean(const std::vector<std::string>& near, std::string_view otherwise) {
  return near.empty() ? std::string(otherwise) : fmt::format("did you mean '{}'?", fmt::join(near, "' or '"));
}

}  // namespace memstack::config
