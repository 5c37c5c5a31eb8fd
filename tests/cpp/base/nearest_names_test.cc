#include "base/nearest_names.h"

#include <gtest/gtest.h>

namespace memstack {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kNames[] = {"sitting", "kitten", "mitten", "KITTEN", "kit"};

Names Near(std::string_view text, NearnessRule rule) {
  return NearestNames(text, kNames, rule);
}

bool IsWithinThree(std::string_view, std::string_view, size_t edits) {
  return edits <= 3;
}

TEST(NearestNamesTest, TheFewestEditsComeFirst) {
  const NearnessRule rule = {.most = 4, .longest = 9, .ignores_case = false, .is_near = &IsWithinThree};
  EXPECT_EQ(Near("kitten", rule), (Names{"kitten", "mitten", "sitting", "kit"}));
  EXPECT_EQ(Near("zzzzzz", rule), Names{});
  EXPECT_EQ(Near("", rule), Names{});
}

TEST(NearestNamesTest, EachPartOfTheRuleCounts) {
  EXPECT_EQ(Near("kitten", {.most = 2, .longest = 9, .ignores_case = true, .is_near = &IsWithinThree}),
            (Names{"kitten", "KITTEN"}));
  EXPECT_EQ(Near("kitt", {.most = 4, .longest = 4, .ignores_case = false, .is_near = &IsWithinThree}),
            (Names{"kit"}));
  EXPECT_EQ(Near("kitten", {.most = 4, .longest = 5, .ignores_case = false, .is_near = &IsWithinThree}),
            Names{});
}

}  // namespace
}  // namespace memstack
