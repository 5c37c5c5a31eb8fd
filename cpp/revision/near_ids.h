// "Did you mean": the names most like a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memstack::revision {

// At most five of `names`, best first: those that share a long beginning with `text`, and those a few edits
// away.
std::vector<std::string> NearNames(std::string_view text, const std::vector<std::string>& names);

// "did you mean 'a', 'b'?", or `otherwise` if `near` is empty.
std::string DidYouMean(const std::vector<std::string>& near, std::string_view otherwise);

// "'a', 'b'"
std::string Quoted(const std::vector<std::string>& names);

}  // namespace memstack::revision
