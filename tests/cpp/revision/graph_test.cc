#include "revision/graph.h"

#include <gtest/gtest.h>

#include "revision/expect_error.h"
#include "revision/range.h"
#include "revision/test_graph.h"

namespace memstack::revision {
namespace {

using Ids = std::vector<std::string>;

TEST(GraphTest, KnowsHeadsEffectiveHeadsAndBases) {
  const Graph graph = MakeGraph("a\nb <- a\nc <- a ^x1\nx1\nd <- c");
  EXPECT_EQ(graph.Ids(graph.heads()), (Ids{"b", "x1", "d"}));
  EXPECT_EQ(graph.Ids(graph.effective_heads()), (Ids{"b", "d"}));
  EXPECT_EQ(graph.Ids(graph.bases()), (Ids{"a", "x1"}));
}

TEST(GraphTest, SpreadsALabelUpAndDownToTheNearestFork) {
  const Graph graph = MakeGraph("a\nb <- a\nother <- a\nc <- b @shop\nd <- c");
  const auto has = [&](const char* id) { return graph.at(*graph.FindId(id)).HasBranchLabel("shop"); };
  EXPECT_TRUE(has("d"));
  EXPECT_TRUE(has("c"));
  EXPECT_TRUE(has("b"));
  EXPECT_FALSE(has("a"));
  EXPECT_FALSE(has("other"));
}

TEST(GraphTest, LeavesAwayDependenciesThatAnAncestorHas) {
  const Graph graph = MakeGraph("x1\na ^x1\nb <- a ^x1");
  EXPECT_EQ(graph.Ids(graph.at(2).all_parents), Ids{"a"});
}

TEST(GraphTest, HistoryIsNewestFirstAndStaysOnABranch) {
  const Graph graph = MakeGraph("a\nb <- a\nc <- a\nd <- b\nm <- d c\ne <- m");
  EXPECT_EQ(graph.Ids(HistoryRange(graph, "base", "heads")), (Ids{"e", "m", "d", "b", "c", "a"}));
  EXPECT_EQ(graph.Ids(HistoryRange(graph, "m", "heads")), (Ids{"e", "m"}));
}

TEST(GraphTest, NamesBothFilesOfOneId) {
  std::vector<Header> headers = Headers("a\na");
  headers[1].file = "copy_of_a.py";
  const std::string report = ExpectError(ErrorCode::kHistory, "copy_of_a.py:1", [&] { Graph{headers}; });
  EXPECT_NE(report.find("a.py:1 and"), std::string::npos);
}

TEST(GraphTest, NamesTheCycle) {
  ExpectError(ErrorCode::kHistory, "a -> c -> b -> a", [] { MakeGraph("a <- c\nb <- a\nc <- b"); });
  ExpectError(ErrorCode::kHistory, "a -> a", [] { MakeGraph("a <- a"); });
  ExpectError(ErrorCode::kHistory, "b -> a -> b", [] { MakeGraph("z\nb <- a\na ^b"); });
  // Reachable from above and from below, which Alembic does not notice.
  ExpectError(ErrorCode::kHistory, "cycle", [] { MakeGraph("a\nb <- a c\nc <- b\nd <- c"); });
}

TEST(GraphTest, NamesFileLineAndNearIdsOfAMissingParent) {
  const std::string report =
      ExpectError(ErrorCode::kHistory, "follows 'abcd1235'", [] { MakeGraph("abcd1234\nb <- abcd1235"); });
  EXPECT_NE(report.find("b.py"), std::string::npos);
  EXPECT_NE(report.find("did you mean 'abcd1234'"), std::string::npos);
  ExpectError(ErrorCode::kHistory, "depends on 'gone'", [] { MakeGraph("a ^gone"); });
  ExpectError(ErrorCode::kHistory, "is a branch label", [] { MakeGraph("a @shop\nb <- shop"); });
}

TEST(GraphTest, RefusesIdsThatATargetCannotHold) {
  for (const char* id : {"a-b", "a+b", "a:b", "a@b"}) {
    ExpectError(ErrorCode::kHistory, "not allowed in the revision id", [&] { MakeGraph(id); });
  }
}

TEST(GraphTest, RefusesALabelThatIsTaken) {
  ExpectError(ErrorCode::kHistory, "already used by revision 'a'", [] { MakeGraph("a @x\nb @x"); });
  ExpectError(ErrorCode::kHistory, "already used by revision 'b'", [] { MakeGraph("a @b\nb"); });
}

TEST(GraphTest, TakesALongHistoryInItsStride) {
  std::string text = "r0\n";
  for (int i = 1; i < 3000; ++i) text += "r" + std::to_string(i) + " <- r" + std::to_string(i - 1) + "\n";
  const Graph graph = MakeGraph(text);
  EXPECT_EQ(HistoryRange(graph, "base", "heads").size(), 3000u);
}

}  // namespace
}  // namespace memstack::revision
