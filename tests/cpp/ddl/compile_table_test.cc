#include <gtest/gtest.h>

#include "one_line.h"

namespace memstack::ddl {
namespace {

CreateTable Table() {
  CreateTable table;
  table.table = {{"s", "t"}};
  table.columns = {Plain("id", Keyword("SERIAL")), Plain("x", Sized("VARCHAR", 5))};
  table.columns[0].nullable = false;
  table.constraints = {PrimaryKey{std::nullopt, {"id"}}, Check{"ck", "x > ''"}};
  return table;
}

TEST(CreateTableTest, LaysOutTheBodyAsSqlalchemyDoes) {
  EXPECT_EQ(Compile(Table()).at(0).sql,
            "CREATE TABLE s.t (\n\tid SERIAL NOT NULL, \n\tx VARCHAR(5), \n\tPRIMARY KEY (id), "
            "\n\tCONSTRAINT ck CHECK (x > "
            "'')\n)");
  CreateTable empty;
  empty.table = {{"t"}};
  EXPECT_EQ(Compile(empty).at(0).sql, "CREATE TABLE t (\n)");
}

TEST(CreateTableTest, AUniqueConstraintWithoutColumnsLeftAnEmptyLineBehindTheColumns) {
  CreateTable table;
  table.table = {{"t"}};
  table.columns = {Plain("a", Keyword("INTEGER"))};
  table.constraints = {Unique{"uq"}};
  EXPECT_EQ(Compile(table).at(0).sql, "CREATE TABLE t (\n\ta INTEGER\n)");
  // Beside others SQLAlchemy leaves its place.
  table.constraints.emplace_back(Check{"ck", "a > 1"});
  EXPECT_EQ(Compile(table).at(0).sql,
            "CREATE TABLE t (\n\ta INTEGER, \n\t, \n\tCONSTRAINT ck CHECK (a > 1)\n)");
}

TEST(CreateTableTest, OptionsStandBehindTheBody) {
  CreateTable table;
  table.table = {{"t"}};
  table.prefixes = {"GLOBAL", "TEMPORARY"};
  table.if_not_exists = true;
  table.columns = {Plain("a", Keyword("INTEGER"))};
  table.inherits = {{"p", "Q"}};
  table.partition_by = "RANGE (a)";
  table.access_method = "heap";
  table.with = "fillfactor = 50";
  table.with_oids = false;
  table.on_commit = "DELETE ROWS";
  table.tablespace = "fast";
  EXPECT_EQ(OneLine(table),
            "CREATE GLOBAL TEMPORARY TABLE IF NOT EXISTS t ( a INTEGER ) INHERITS (p, \"Q\") PARTITION BY "
            "RANGE (a) USING heap "
            "WITH (fillfactor = 50) WITHOUT OIDS ON COMMIT DELETE ROWS TABLESPACE fast");
}

TEST(CreateTableTest, IndexesThenCommentsFollow) {
  CreateTable table;
  table.table = {{"t"}};
  CreateIndex index;
  index.name = "ix";
  index.table = {{"t"}};
  index.elements = {{"a", ""}};
  table.indexes = {index};
  table.table_comments = {{{{"t"}}, "a\\b"}};
  table.column_comments = {{{{"t", "a"}}, "c"}};
  EXPECT_EQ(OneLine(table, {sql::Backslash::kEscape}),
            "CREATE TABLE t ( ); CREATE INDEX ix ON t (a); COMMENT ON TABLE t IS 'a\\\\b'; COMMENT ON COLUMN "
            "t.a IS 'c'");
}

TEST(TableTest, DropRenameCommentExecute) {
  EXPECT_EQ(OneLine(DropTable{{{"s", "t"}}}), "DROP TABLE s.t");
  EXPECT_EQ(OneLine(DropTable{{{"t"}}, true}), "DROP TABLE IF EXISTS t");
  EXPECT_EQ(OneLine(RenameTable{{{"s", "t"}}, "User"}), "ALTER TABLE s.t RENAME TO \"User\"");
  EXPECT_EQ(OneLine(TableComment{{{"t"}}, std::nullopt}), "COMMENT ON TABLE t IS NULL");
  EXPECT_EQ(Compile(ExecuteSql{" SELECT 1;\n"}).at(0).sql, " SELECT 1;\n");
}

}  // namespace
}  // namespace memstack::ddl
