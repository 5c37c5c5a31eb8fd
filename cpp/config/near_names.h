// "did you mean ...": the known names that a mistyped one resembles.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memstack::config {

// At most three of `known`, the nearest first; empty when nothing resembles `name`. Case does not count.
std::vector<std::string> NearNames(std::string_view name, std::span<const std::string_view> known);

// A sentence for a hint: "did you mean 'a' or 'b'?", or, with no near name, "known are: a, b, c".
std::string DidYouMean(std::string_view name, std::span<const std::string_view> known);

}  // namespace memstack::config
