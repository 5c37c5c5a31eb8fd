#include "revision/plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "revision/expect_error.h"
#include "revision/test_graph.h"

namespace memstack::revision {
namespace {

using Ids = std::vector<std::string>;

// One line a step: "<log>: <changes> = <heads after>".
std::string Shown(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) {
    std::string changes;
    for (const VersionChange& change : step.changes) {
      using Kind = VersionChange::Kind;
      changes += change.kind == Kind::kInsert   ? " +" + change.to
                 : change.kind == Kind::kDelete ? " -" + change.from
                                                : " " + change.from + ">" + change.to;
    }
    text += fmt::format("{}:{} = {}\n", step.log, changes, fmt::join(step.heads_after, " "));
  }
  return text;
}

TEST(PlanTest, UpgradesAndDowngradesALine) {
  const Graph graph = MakeGraph("a\nb <- a");
  EXPECT_EQ(Shown(PlanUpgrade(graph, {}, {"head"})),
            "upgrade  -> a, message of a: +a = a\nupgrade a -> b, message of b: a>b = b\n");
  EXPECT_EQ(Shown(PlanDowngrade(graph, {"b"}, "base")),
            "downgrade b -> a, message of b: b>a = a\ndowngrade a -> , message of a: -a = \n");
}

TEST(PlanTest, IsEmptyWhereNothingIsToDo) {
  const Graph graph = MakeGraph("a\nb <- a");
  EXPECT_TRUE(PlanUpgrade(graph, {"b"}, {"head"}).steps.empty());
  EXPECT_TRUE(PlanUpgrade(graph, {"b"}, {"a"}).steps.empty());
  EXPECT_TRUE(PlanDowngrade(graph, {"b"}, "b").steps.empty());
  EXPECT_TRUE(PlanStamp(graph, {"b"}, {"head"}).steps.empty());
  EXPECT_TRUE(PlanUpgrade(MakeGraph(""), {}, {"head"}).steps.empty());
  EXPECT_EQ(PlanUpgrade(graph, {"b"}, {"head"}).heads_after, Ids{"b"});
}

TEST(PlanTest, MergesAndUnmergesRows) {
  const Graph graph = MakeGraph("a\nb <- a\nc <- a\nm <- b c");
  EXPECT_EQ(Shown(PlanUpgrade(graph, {"b", "c"}, {"head"})), "upgrade b, c -> m, message of m: -b c>m = m\n");
  ExpectError(ErrorCode::kTarget, "ambiguous", [&] { PlanDowngrade(graph, {"m"}, "-1"); });
  EXPECT_EQ(Shown(PlanDowngrade(graph, {"m"}, "b")), "downgrade m -> b, c, message of m: +b m>c = b c\n");
}

TEST(PlanTest, ADependencyIsARowOnlyUntilSomethingStandsOnIt) {
  const Graph graph = MakeGraph("a\nx1\nb <- a ^x1");
  EXPECT_EQ(Shown(PlanUpgrade(graph, {}, {"b"})),
            "upgrade  -> x1, message of x1: +x1 = x1\n"
            "upgrade  -> a, message of a: +a = a x1\n"
            "upgrade a -> b, message of b: -a x1>b = b\n");
  EXPECT_EQ(PlanDowngrade(graph, {"b"}, "a").heads_after, (Ids{"a", "x1"}));
}

// Where Alembic stops with a KeyError on the way up, and leaves a row too many on the way down.
TEST(PlanTest, ADependencyBelowAnotherParentIsNoRow) {
  const Graph graph = MakeGraph("c\na\nb <- c\nm <- a b ^c\nz");
  EXPECT_EQ(PlanUpgrade(graph, {"a", "b"}, {"m"}).heads_after, Ids{"m"});
  EXPECT_EQ(PlanDowngrade(graph, {"m", "z"}, "b").heads_after, (Ids{"a", "b", "z"}));
}

TEST(PlanTest, StampsUpDownAcrossAndAway) {
  const Graph graph = MakeGraph("a\nb <- a\nc <- a\nm <- b c\nz");
  EXPECT_EQ(Shown(PlanStamp(graph, {}, {"b"})), "stamp_revision  -> b: +b = b\n");
  EXPECT_EQ(Shown(PlanStamp(graph, {"b", "c"}, {"m"})), "stamp_revision b, c -> m: -b c>m = m\n");
  EXPECT_EQ(Shown(PlanStamp(graph, {"b", "c"}, {"a"})), "stamp_revision b, c -> a: -b c>a = a\n");
  EXPECT_EQ(Shown(PlanStamp(graph, {"m"}, {"z"})), "stamp_revision  -> z: +z = m z\n");
  EXPECT_EQ(Shown(PlanStamp(graph, {"m", "z"}, {"base"})),
            "stamp_revision m -> : -m = z\nstamp_revision z -> : -z = \n");
}

TEST(PlanTest, RefusesRowsThatTheFilesContradict) {
  const Graph graph = MakeGraph("abcd1\nb <- abcd1");
  const std::string report = ExpectError(ErrorCode::kVersionTable, "at revision 'abcd2', which no file has",
                                         [&] { PlanUpgrade(graph, {"abcd2"}, {"head"}); });
  EXPECT_NE(report.find("did you mean 'abcd1'"), std::string::npos);
  EXPECT_NE(report.find("ahead of this code"), std::string::npos);
  ExpectError(ErrorCode::kVersionTable, "at revision 'abc'", [&] { PlanDowngrade(graph, {"abc"}, "base"); });
  ExpectError(ErrorCode::kVersionTable, "on which it stands", [&] {
    PlanUpgrade(graph, {"abcd1", "b"}, {"head"});
  });
}

TEST(PlanTest, RefusesTargetsThatCannotBeReached) {
  const Graph graph = MakeGraph("a\nb <- a\nc <- a");
  ExpectError(ErrorCode::kTarget, "2 heads", [&] { PlanUpgrade(graph, {}, {"head"}); });
  ExpectError(ErrorCode::kTarget, "overlaps", [&] { PlanUpgrade(graph, {}, {"a", "b"}); });
  ExpectError(ErrorCode::kTarget, "not below the database's revision 'b'",
              [&] { PlanDowngrade(graph, {"b"}, "c"); });
  EXPECT_EQ(PlanUpgrade(graph, {}, {"b", "c"}).heads_after, (Ids{"b", "c"}));
}

}  // namespace
}  // namespace memstack::revision
