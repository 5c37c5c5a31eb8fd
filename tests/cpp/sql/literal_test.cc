#include "sql/literal.h"

#include <gtest/gtest.h>

namespace memstack::sql {
namespace {

TEST(LiteralTest, DoublesQuotesAndBackslashesWhereTheyEscape) {
  EXPECT_EQ(StringLiteral("it's"), "'it''s'");
  EXPECT_EQ(StringLiteral(""), "''");
  EXPECT_EQ(StringLiteral("a\\b"), "'a\\b'");
  EXPECT_EQ(StringLiteral("a\\'b", Backslash::kEscape), "'a\\\\''b'");
}

TEST(LiteralTest, PortableLiteralReadsTheSameUnderBothSettings) {
  EXPECT_EQ(PortableLiteral("it's"), "'it''s'");
  EXPECT_EQ(PortableLiteral("a\\b"), "E'a\\\\b'");
}

}  // namespace
}  // namespace memstack::sql
