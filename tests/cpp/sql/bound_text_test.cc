#include "sql/bound_text.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace memstack::sql {
namespace {

using Values = std::vector<std::optional<std::string>>;

TEST(WithLiterals, WritesEachValueInItsPlace) {
  struct Case {
    std::string sql;
    Values values;
    std::string expected;
  };
  const std::vector<Case> cases = {
      {"SELECT 1", {}, "SELECT 1"},
      {"SELECT $1", {"a"}, "SELECT 'a'"},
      {"SELECT $2::text, $1", {"a", std::nullopt}, "SELECT NULL::text, 'a'"},
      {"SELECT $1 || $1", {"it's"}, "SELECT 'it''s' || 'it''s'"},
      {"SELECT $10", Values(10, "x"), "SELECT 'x'"},
      {R"(SELECT '$1', "$1", $$ $1 $$, $1 -- $1)",
       {R"(a\b)"},
       R"(SELECT '$1', "$1", $$ $1 $$, E'a\\b' -- $1)"},
      {"SELECT $1", {"$1"}, "SELECT '$1'"},
  };
  for (const Case& one : cases) EXPECT_EQ(WithLiterals(one.sql, one.values), one.expected);
}

}  // namespace
}  // namespace memstack::sql
