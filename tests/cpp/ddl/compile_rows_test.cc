#include <gtest/gtest.h>

#include "one_line.h"

namespace memstack::ddl {
namespace {

TEST(BulkInsertTest, ValuesStandAsTheyAre) {
  const BulkInsert rows{{{"s", "My t"}}, {"id", "user"}, {{"1", "'it''s'"}, {"2", "NULL"}}};
  EXPECT_EQ(
      Compile(rows),
      (std::vector<Statement>{{R"(INSERT INTO s."My t" (id, "user") VALUES (1, 'it''s'), (2, NULL))"}}));
}

TEST(BulkInsertTest, ManyRowsAreSeveralStatements) {
  BulkInsert rows{{{"t"}}, {"id"}, {}};
  for (int i = 0; i < 2001; ++i) rows.rows.push_back({std::to_string(i)});
  const std::vector<Statement> statements = Compile(rows);
  ASSERT_EQ(statements.size(), 3U);
  EXPECT_TRUE(statements[1].sql.starts_with("INSERT INTO t (id) VALUES (1000), (1001)"));
  EXPECT_EQ(statements[2].sql, "INSERT INTO t (id) VALUES (2000)");
}

}  // namespace
}  // namespace memstack::ddl
