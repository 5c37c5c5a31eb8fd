// "did you mean ...": the known keys of a section, a URL or a connection string that a mistyped one
// resembles.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memstack::config {

// At most three of `known`, the nearest first; empty when nothing resembles `key`. Case does not count.
std::vector<std::string> NearKeys(std::string_view key, std::span<const std::string_view> known);

// A sentence for a hint: "did you mean 'a' or 'b'?", or, with nothing near, `otherwise`.
std::string DidYouMean(const std::vector<std::string>& near, std::string_view otherwise);

}  // namespace memstack::config
