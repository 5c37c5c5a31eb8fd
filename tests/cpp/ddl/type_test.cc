#include "ddl/type.h"

#include <gtest/gtest.h>

namespace memstack::ddl {
namespace {

TEST(TypeTest, RendersEachKindWithItsArguments) {
  const auto time = [](const char* text, bool zone, std::optional<int> precision = {}) {
    Type type{TypeKind::kTime, text, precision};
    type.with_time_zone = zone;
    return type;
  };
  const auto interval = [](const char* fields, std::optional<int> precision) {
    Type type{TypeKind::kInterval, "", precision};
    type.fields = fields;
    return type;
  };
  const auto bit = [](bool varying, std::optional<int> length) {
    Type type{TypeKind::kBit, "", length};
    type.varying = varying;
    return type;
  };
  Type named{TypeKind::kNamed};
  named.name = {{"app", "Mood"}};
  Type matrix{TypeKind::kSized, "VARCHAR", 20};
  matrix.dimensions = 2;
  const struct {
    Type type;
    const char* rendered;
  } cases[] = {
      {{TypeKind::kText, "vector(3)"}, "vector(3)"},
      {{TypeKind::kKeyword, "JSONB"}, "JSONB"},
      {{TypeKind::kSized, "VARCHAR"}, "VARCHAR"},
      {{TypeKind::kSized, "VARCHAR", 20}, "VARCHAR(20)"},
      {{TypeKind::kSized, "NUMERIC", 10, 2}, "NUMERIC(10, 2)"},
      {time("TIMESTAMP", false), "TIMESTAMP WITHOUT TIME ZONE"},
      {time("TIMESTAMP", true, 3), "TIMESTAMP(3) WITH TIME ZONE"},
      {time("TIME", true), "TIME WITH TIME ZONE"},
      {interval("", std::nullopt), "INTERVAL"},
      {interval("DAY TO SECOND", 3), "INTERVAL DAY TO SECOND (3)"},
      {bit(false, 8), "BIT(8)"},
      {bit(true, std::nullopt), "BIT VARYING"},
      {named, "app.\"Mood\""},
      {matrix, "VARCHAR(20)[][]"},
  };
  for (const auto& test : cases) EXPECT_EQ(Render(test.type), test.rendered);
}

}  // namespace
}  // namespace memstack::ddl
