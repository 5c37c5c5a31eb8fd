#include "sql/quote.h"

#include <gtest/gtest.h>

namespace memstack::sql {
namespace {

TEST(QuoteTest, QuotesOnlyWhatMustBe) {
  const struct {
    const char* name;
    const char* rendered;
  } cases[] = {
      {"users", "users"},
      {"users_2", "users_2"},
      {"a$b", "a$b"},
      {"_x", "_x"},
      {"Users", "\"Users\""},
      {"order", "\"order\""},
      {"ORDER", "\"ORDER\""},
      {"off", "\"off\""},      // reserved for SQLAlchemy, not for the server
      {"lateral", "lateral"},  // reserved for the server, not for SQLAlchemy
      {"2fast", "\"2fast\""},
      {"$x", "\"$x\""},
      {"a b", "\"a b\""},
      {"a.b", "\"a.b\""},
      {"a\"b", "\"a\"\"b\""},
      {"täble", "\"täble\""},
      {"mu\xC5\xBFt", "mu\xC5\xBFt"},  // long s: a letter for a regular expression that ignores case
      {"a\xC5", "\"a\xC5\""},
      {"a\n", "a\n"},
      {"a\n\n", "\"a\n\n\""},
      {"\n", "\"\n\""},
      {"", "\"\""},
      {"100%", "\"100%\""},
  };
  for (const auto& test : cases) EXPECT_EQ(Render(Identifier(test.name)), test.rendered) << test.name;
}

TEST(QuoteTest, StatedQuotingWins) {
  EXPECT_EQ(Render(Identifier("users", Quoting::kAlways)), "\"users\"");
  EXPECT_EQ(Render(Identifier("a\"b", Quoting::kAlways)), "\"a\"\"b\"");
  EXPECT_EQ(Render(Identifier("Users", Quoting::kNever)), "Users");
}

TEST(QuoteTest, QualifiedNamesQuoteEachPart) {
  EXPECT_EQ(Render(QualifiedName{{"app", "user", "Id"}}), "app.\"user\".\"Id\"");
  EXPECT_EQ(RenderList({"a", "B", "c"}), "a, \"B\", c");
  EXPECT_EQ(RenderList({}), "");
}

TEST(QuoteTest, DottedSchemasAreSplitUnlessTheirQuotingWasStated) {
  EXPECT_EQ(SplitDotted("db.Owner"), (std::vector<Identifier>{"db", "Owner"}));
  EXPECT_EQ(SplitDotted("app"), (std::vector<Identifier>{"app"}));
  EXPECT_EQ(SplitDotted("a..b"), (std::vector<Identifier>{"a", "", "b"}));
  const Identifier stated("db.Owner", Quoting::kAlways);
  EXPECT_EQ(SplitDotted(stated), (std::vector<Identifier>{stated}));
}

}  // namespace
}  // namespace memstack::sql
