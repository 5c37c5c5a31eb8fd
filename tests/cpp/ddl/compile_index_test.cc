#include <gtest/gtest.h>

#include "one_line.h"

namespace memstack::ddl {
namespace {

CreateIndex Index() {
  CreateIndex index;
  index.name = "ix";
  index.table = {{"s", "t"}};
  index.elements = {{"a", ""}, {"lower(b)", "text_pattern_ops"}};
  return index;
}

TEST(CreateIndexTest, WritesClausesInOrder) {
  EXPECT_EQ(OneLine(Index()), "CREATE INDEX ix ON s.t (a, lower(b) text_pattern_ops)");
  CreateIndex index = Index();
  index.unique = true;
  index.concurrently = true;
  index.if_not_exists = true;
  index.method = "gin";
  index.include = {"c"};
  index.nulls_not_distinct = false;
  index.with = "fillfactor = 50";
  index.tablespace = "Fast";
  index.where = "a > 5";
  EXPECT_EQ(OneLine(index),
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON s.t USING gin (a, lower(b) "
            "text_pattern_ops) INCLUDE (c) "
            "NULLS DISTINCT WITH (fillfactor = 50) TABLESPACE \"Fast\" WHERE a > 5");
}

TEST(CreateIndexTest, OnlyConcurrentlyNeedsAutocommit) {
  CreateIndex index = Index();
  EXPECT_FALSE(Compile(index).at(0).needs_autocommit);
  index.concurrently = true;
  EXPECT_TRUE(Compile(index).at(0).needs_autocommit);
  EXPECT_TRUE(Compile(DropIndex{{{"ix"}}, true}).at(0).needs_autocommit);
}

TEST(DropIndexTest, WritesSchemaAndFlags) {
  EXPECT_EQ(OneLine(DropIndex{{{"s", "ix"}}}), "DROP INDEX s.ix");
  EXPECT_EQ(OneLine(DropIndex{{{"ix"}}, true, true}), "DROP INDEX CONCURRENTLY IF EXISTS ix");
}

}  // namespace
}  // namespace memstack::ddl
