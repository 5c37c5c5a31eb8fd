#include "revision/near_ids.h"

#include <gtest/gtest.h>

namespace memstack::revision {
namespace {

using Names = std::vector<std::string>;

TEST(NearIdsTest, OffersTyposAndSharedBeginningsBestFirst) {
  const Names names = {"27c6a30d7c24", "27c6b0000000", "ffffffffffff", "head_of_it"};
  EXPECT_EQ(NearNames("27c6a30d7c25", names), Names{"27c6a30d7c24"});
  EXPECT_EQ(NearNames("27c6", names), (Names{"27c6a30d7c24", "27c6b0000000"}));
  EXPECT_EQ(NearNames("zzz", names), Names{});
  EXPECT_EQ(NearNames("", names), Names{});
}

TEST(NearIdsTest, SaysItAsASentence) {
  EXPECT_EQ(DidYouMean({"a", "b"}, "else"), "did you mean 'a', 'b'?");
  EXPECT_EQ(DidYouMean({}, "else"), "else");
}

}  // namespace
}  // namespace memstack::revision
