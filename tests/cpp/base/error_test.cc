#include "base/error.h"

#include <gtest/gtest.h>

namespace memstack {
namespace {

TEST(ErrorTest, DescribePutsTheCaretUnderTheCharacterTheServerNamed) {
  Error error(ErrorCode::kSql, "relation \"täble\" does not exist");
  ServerDiagnostics said;
  said.sqlstate = "42P01";
  said.position = 23;
  error.Statement("SELECT 'ä',\n\t1\n  FROM täble", said).At("versions/a.py", 12).Operation("op.execute");
  EXPECT_EQ(error.Describe(),
            "relation \"täble\" does not exist (SQLSTATE 42P01)\n"
            "  at: versions/a.py, line 12, in op.execute\n"
            "  SQL line 3:\n"
            "      FROM täble\n"
            "           ^");
}

TEST(ErrorTest, DescribeNamesTheOtherFileThatFailed) {
  const Error error =
      Error(ErrorCode::kRevisionFailed, "no").At("a.py", 3).CalledAt("steps.py", 5).Operation("op.execute");
  EXPECT_EQ(error.Describe(), "no\n  at: a.py, line 3, which calls steps.py, line 5, in op.execute");
}

TEST(ErrorTest, DescribeShortensLongStatementsWithoutPosition) {
  std::string sql;
  for (int i = 0; i < 20; ++i) sql += "line\n";
  const Error error = Error(ErrorCode::kSql, "failed").Statement(sql, {});
  EXPECT_NE(error.Describe().find("..."), std::string::npos);
}

TEST(ErrorTest, ExitCodeBelongsToTheCode) {
  EXPECT_EQ(Error(ErrorCode::kLockTimeout, "").exit_code(), 14);
  EXPECT_EQ(ErrorCodeName(ErrorCode::kLockTimeout), "lock_timeout");
}

}  // namespace
}  // namespace memstack
