#include "revision/target.h"

#include <gtest/gtest.h>

#include "revision/expect_error.h"
#include "revision/test_graph.h"

namespace memstack::revision {
namespace {

using Ids = std::vector<std::string>;

const char* const kHistory =
    "base1\nabc123 <- base1 @shop\nabc199 <- abc123\nother <- base1\nothertoo <- other";

TEST(TargetTest, ResolvesNames) {
  const Graph graph = MakeGraph(kHistory);
  const TargetResolver resolver(graph);
  const struct {
    const char* text;
    const char* id;
  } kCases[] = {
      {"abc123", "abc123"},      {"abc12", "abc123"},        {"shop", "abc123"}, {"sho", "abc123"},
      {"shop@head", "abc199"},   {"other@head", "othertoo"}, {"shop@abc1", ""},  {"shop@abc19", "abc199"},
      {"abc199@base1", "base1"}, {"shop@heads", "abc199"},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.text);
    if (*test.id == '\0') {
      ExpectError(ErrorCode::kTarget, "'abc123', 'abc199'", [&] { return resolver.ResolveOne(test.text); });
    } else {
      EXPECT_EQ(graph.at(*resolver.ResolveOne(test.text)).id(), test.id);
    }
  }
  EXPECT_FALSE(resolver.ResolveOne("base"));
  EXPECT_EQ(resolver.Resolve("heads").size(), 2u);
  EXPECT_EQ(resolver.Resolve("base").size(), 0u);
}

TEST(TargetTest, SaysWhatIsWrongWithAName) {
  const Graph graph = MakeGraph(kHistory);
  const TargetResolver resolver(graph);
  const auto one = [&](const char* text) { return [&resolver, text] { return resolver.ResolveOne(text); }; };
  ExpectError(ErrorCode::kTarget, "did you mean 'othertoo'", one("othertwo"));
  ExpectError(ErrorCode::kTarget, "2 heads: 'abc199', 'othertoo'", one("head"));
  ExpectError(ErrorCode::kTarget, "say 'heads'", one("heads"));
  ExpectError(ErrorCode::kTarget, "not on the branch 'shop'", one("shop@other"));
  ExpectError(ErrorCode::kTarget, "no revision or branch 'nobranch'", one("nobranch@head"));
}

TEST(TargetTest, ParsesRelativeTargetsAsAlembicDoes) {
  const auto shown = [](const char* text) -> std::string {
    const auto target = ParseRelativeTarget(text);
    if (!target) return "none";
    return target->branch.value_or("-") + " " + target->symbol.value_or("-") + " " + target->steps_text;
  };
  EXPECT_EQ(shown("+1"), "- - +1");
  EXPECT_EQ(shown("ab-12"), "- ab -12");
  EXPECT_EQ(shown("shop@+1"), "shop - +1");
  EXPECT_EQ(shown("shop@ab+1"), "shop ab +1");
  EXPECT_EQ(shown("ab+1x"), "- ab +1");
  EXPECT_EQ(shown("my-1shop@head"), "- my -1");
  EXPECT_EQ(shown("head"), "none");
  EXPECT_EQ(shown("shop@head"), "none");
  EXPECT_EQ(shown("a+"), "none");
}

TEST(TargetTest, WalksUpAndDown) {
  const Graph graph = MakeGraph(kHistory);
  const TargetResolver resolver(graph);
  const auto up = [&](const Ids& current, const char* text) {
    return graph.at(resolver.ResolveUpgradeTarget(current, text)[0].index).id();
  };
  EXPECT_EQ(up({}, "+1"), "base1");
  EXPECT_EQ(up({"base1"}, "shop@+2"), "abc199");
  EXPECT_EQ(up({}, "abc199-1"), "abc123");
  EXPECT_EQ(up({"abc123", "other"}, "other@+1"), "othertoo");
  ExpectError(ErrorCode::kTarget, "ambiguous", [&] { return up({"base1"}, "+1"); });
  ExpectError(ErrorCode::kTarget, "ambiguous", [&] { return up({"abc123", "other"}, "+1"); });
  ExpectError(ErrorCode::kTarget, "no 5 revisions", [&] { return up({}, "shop@+5"); });
  const auto down = resolver.ResolveDowngradeTarget(Ids{"abc199"}, "-2").position;
  EXPECT_EQ(graph.at(down.index).id(), "base1");
  EXPECT_FALSE(resolver.ResolveDowngradeTarget(Ids{"abc199"}, "-3").position.is_revision());
  ExpectError(ErrorCode::kTarget, "no 4 revisions",
              [&] { return resolver.ResolveDowngradeTarget(Ids{"abc199"}, "-4"); });
}

}  // namespace
}  // namespace memstack::revision
