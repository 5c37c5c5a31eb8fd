#include "migrate/version_table.h"

#include <gtest/gtest.h>

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::migrate {
namespace {

using Kind = revision::VersionChange::Kind;
using Heads = std::vector<std::string>;

class VersionTableTest : public testing::Test {
 protected:
  std::string Value(const std::string& sql) { return pg::ValueOf(*connection_, sql); }
  Heads Rows(const VersionTableName& name = {}) { return VersionTable(*connection_, name).ReadHeads(); }

  pg::TestDatabase database_;
  std::unique_ptr<pg::Connection> connection_ = database_.Connect();
  VersionTable table_{*connection_, {}};
};

TEST(VersionTableNameTest, ItsStatementsCanBeWrittenDown) {
  const VersionTableName name{.table = "My v", .schema = "app"};
  EXPECT_EQ(CreateStatement({.has_primary_key = false}),
            "\nCREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL\n)\n\n");
  EXPECT_EQ(ChangeStatement(name, {Kind::kInsert, "", "it's"}),
            R"(INSERT INTO app."My v" (version_num) VALUES ('it''s') RETURNING app."My v".version_num)");
  EXPECT_EQ(ChangeStatement(name, {Kind::kDelete, "a", ""}),
            R"(DELETE FROM app."My v" WHERE app."My v".version_num = 'a')");
  EXPECT_EQ(ChangeStatement(name, {Kind::kUpdate, "a", "b"}),
            R"(UPDATE app."My v" SET version_num='b' WHERE app."My v".version_num = 'a')");
}

TEST(VersionTableNameTest, IsQuotedForSqlAndPlainForPeople) {
  const struct {
    VersionTableName name;
    const char* quoted;
    const char* display;
  } cases[] = {
      {{}, "alembic_version", "alembic_version"},
      {{.table = "v", .schema = "app"}, "app.v", "app.v"},
      {{.table = "My \"v\"", .schema = "Order"}, R"("Order"."My ""v""")", "Order.My \"v\""},
      {{.table = "user", .schema = ""}, "\"user\"", "user"},
  };
  for (const auto& expected : cases) {
    EXPECT_EQ(expected.name.Quoted(), expected.quoted);
    EXPECT_EQ(expected.name.Display(), expected.display);
  }
}

TEST_F(VersionTableTest, IsMadeAsAlembicMakesIt) {
  table_.Ensure();
  EXPECT_EQ(Value("SELECT pg_get_constraintdef(oid) || ' ' || conname FROM pg_constraint"
                  " WHERE conrelid = 'alembic_version'::regclass AND contype = 'p'"),
            "PRIMARY KEY (version_num) alembic_version_pkc");
  EXPECT_EQ(
      Value("SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull, "
            "',') FROM pg_attribute WHERE attrelid = 'alembic_version'::regclass AND attnum > 0"),
      "version_num character varying(32) true");
  table_.Apply({{Kind::kInsert, "", "a"}});
  table_.Ensure();
  EXPECT_EQ(Rows(), Heads{"a"}) << "one that is there is left alone";
}

TEST_F(VersionTableTest, WithoutAPrimaryKeyWhereEnvPySaysSo) {
  VersionTable(*connection_, {.table = "v", .schema = "", .has_primary_key = false}).Ensure();
  EXPECT_EQ(Value("SELECT count(*) FROM pg_constraint WHERE conrelid = 'v'::regclass AND contype = 'p'"),
            "0");
}

TEST_F(VersionTableTest, NamesAndSchemasAreTakenLiterally) {
  connection_->Execute("CREATE SCHEMA \"My Schema\"");
  const VersionTableName name{.table = "Odd \"name\"", .schema = "My Schema"};
  VersionTable odd(*connection_, name);
  odd.Ensure();
  odd.Apply({{Kind::kInsert, "", "a'b"}});
  EXPECT_EQ(Rows(name), Heads{"a'b"});
  EXPECT_EQ(Rows({.table = name.table, .schema = ""}), Heads{}) << "the search path does not lead there";
  EXPECT_EQ(Rows({.table = name.table, .schema = "public"}), Heads{});
}

TEST_F(VersionTableTest, TheSearchPathDecidesWhereNoSchemaIsNamed) {
  table_.Ensure();
  table_.Apply({{Kind::kInsert, "", "a"}});
  connection_->Execute("CREATE SCHEMA tenant; SET search_path = tenant");
  EXPECT_EQ(Rows(), Heads{});
  table_.Ensure();
  EXPECT_EQ(Value("SELECT count(*) FROM pg_tables WHERE tablename = 'alembic_version'"), "2");
}

TEST_F(VersionTableTest, ReadingBeginsNoTransactionAndSorts) {
  connection_->set_begins_transactions(true);
  EXPECT_EQ(Rows(), Heads{}) << "no table: nothing was run";
  table_.Ensure();
  table_.Apply({{Kind::kInsert, "", "b"}, {Kind::kInsert, "", "a"}});
  connection_->Commit();
  EXPECT_EQ(Rows(), (Heads{"a", "b"}));
  EXPECT_EQ(connection_->transaction_status(), pg::TransactionStatus::kIdle);
}

TEST_F(VersionTableTest, ChangesAreByDelta) {
  table_.Ensure();
  table_.Apply({{Kind::kInsert, "", "a"}, {Kind::kInsert, "", "b"}});
  table_.Apply({{Kind::kDelete, "a", ""}, {Kind::kUpdate, "b", "m"}});
  EXPECT_EQ(Rows(), Heads{"m"});
}

TEST_F(VersionTableTest, ARowThatSomebodyElseChangedIsNoticed) {
  table_.Ensure();
  table_.Apply({{Kind::kInsert, "", "other"}});
  pg::ExpectError(ErrorCode::kVersionTable, "updating 'a' to 'b' in the version table alembic_version",
                  [this] {
                    table_.Apply({{Kind::kUpdate, "a", "b"}});
                  });
  pg::ExpectError(ErrorCode::kVersionTable, "changed 0 rows instead of one", [this] {
    table_.Apply({{Kind::kDelete, "a", ""}});
  });
  connection_->Execute(
      "ALTER TABLE alembic_version DROP CONSTRAINT alembic_version_pkc;"
      "INSERT INTO alembic_version VALUES ('other')");
  pg::ExpectError(ErrorCode::kVersionTable, "deleting 'other' in the version table alembic_version changed 2",
                  [this] {
                    table_.Apply({{Kind::kDelete, "other", ""}});
                  });
}

TEST_F(VersionTableTest, PurgeEmptiesItAndMakesOneWhereThereIsNone) {
  table_.Purge();
  table_.Apply({{Kind::kInsert, "", "a"}, {Kind::kInsert, "", "b"}});
  table_.Purge();
  EXPECT_EQ(Rows(), Heads{});
  EXPECT_EQ(Value("SELECT count(*) FROM alembic_version"), "0");
}

}  // namespace
}  // namespace memstack::migrate
