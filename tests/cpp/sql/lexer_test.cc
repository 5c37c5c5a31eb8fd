#include "sql/lexer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace memstack::sql {
namespace {

std::vector<std::string> Split(std::string_view script, bool standard_conforming_strings = true) {
  std::vector<std::string> texts;
  for (const ScriptStatement& statement : SplitStatements(script, standard_conforming_strings)) {
    texts.emplace_back(script.substr(statement.begin, statement.end - statement.begin));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(LexerTest, SplitsAtSemicolonsAndLeavesOutBlanksAndComments) {
  EXPECT_EQ(Split("SELECT 1; SELECT 2"), (Texts{"SELECT 1", "SELECT 2"}));
  EXPECT_EQ(Split(" -- a;b\n SELECT 1 /* ; */ ;\n"), (Texts{"SELECT 1"}));
  EXPECT_EQ(Split(";; ;"), Texts{});
  EXPECT_EQ(Split(""), Texts{});
  EXPECT_EQ(Split("/* a /* nested; */ ; */ SELECT 1"), (Texts{"SELECT 1"}));
  EXPECT_EQ(Split("SELECT 1--;\r;SELECT 2"), (Texts{"SELECT 1", "SELECT 2"}));
}

TEST(LexerTest, SemicolonsInsideQuotesEndNothing) {
  const char* const statements[] = {
      "SELECT 'a;b'",
      "SELECT 'it''s;'",
      "SELECT E'\\';'",
      "SELECT B';', X';', N';'",
      "SELECT U&'\\0041;' , U&\"d;\"",
      "SELECT \"a;\"\"b;\"",
      "SELECT $$a;b$$",
      "SELECT $tag$a;$$;$other$;$tag$",
      "SELECT E'a'\n -- between\n '\\';'",
      "DO $$BEGIN RAISE NOTICE 'x;'; END$$",
      "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)",
  };
  for (const char* statement : statements) {
    EXPECT_EQ(Split(std::string(statement) + ";SELECT 2"), (Texts{statement, "SELECT 2"})) << statement;
  }
}

TEST(LexerTest, BackslashesEscapeOnlyInEStringsOrUnderTheOldSetting) {
  EXPECT_EQ(Split("SELECT 'a\\';b"), (Texts{"SELECT 'a\\'", "b"}));
  EXPECT_EQ(Split("SELECT 'a\\';b'", false), (Texts{"SELECT 'a\\';b'"}));
  EXPECT_EQ(Split("SELECT E'\\\\';b"), (Texts{"SELECT E'\\\\'", "b"}));
}

TEST(LexerTest, DollarsInsideNamesAndParametersOpenNoString) {
  EXPECT_EQ(Split("SELECT a$b$;c$b$"), (Texts{"SELECT a$b$", "c$b$"}));
  EXPECT_EQ(Split("SELECT $1;SELECT $2"), (Texts{"SELECT $1", "SELECT $2"}));
}

TEST(LexerTest, BodiesOfSqlFunctionsAreOneStatement) {
  const std::string function =
      "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 "
      "END; SELECT 2; END";
  EXPECT_EQ(Split(function + "; SELECT 3"), (Texts{function, "SELECT 3"}));
  EXPECT_EQ(Split("BEGIN; SELECT 1; END; SELECT 2"), (Texts{"BEGIN", "SELECT 1", "END", "SELECT 2"}));
  EXPECT_EQ(Split("CREATE FUNCTION begin() AS 'x'; SELECT 2"),
            (Texts{"CREATE FUNCTION begin() AS 'x'", "SELECT 2"}));
}

TEST(LexerTest, KeywordsAreTheFirstWords) {
  const auto words = [](std::string_view script) { return SplitStatements(script).at(0).keywords; };
  EXPECT_EQ(words("/* x */ create Unique index Concurrently ix ON t (a)"),
            (Texts{"CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"}));
  EXPECT_EQ(words("VACUUM (FULL) t"), Texts{"VACUUM"});
  EXPECT_EQ(words("(SELECT 1)"), Texts{});
  EXPECT_EQ(words("drop \"TABLE\""), Texts{"DROP"});
}

TEST(LexerTest, WhatNeverEndsIsOneStatementAndMarked) {
  for (const char* script :
       {"SELECT 'a;", "SELECT \"a;", "SELECT $$a;", "SELECT $x$a;$$", "SELECT 1 /* a;", "SELECT E'\\"}) {
    const std::vector<ScriptStatement> statements = SplitStatements(script);
    ASSERT_EQ(statements.size(), 1u) << script;
    EXPECT_FALSE(statements[0].terminated) << script;
  }
  EXPECT_TRUE(SplitStatements("SELECT 1").at(0).terminated);
}

// What must hold for any bytes: statements are in order, inside the text, not empty, and splitting one of
// them again gives that one (so that the pipeline may send what the splitter cut).
void CheckInvariants(std::string_view script) {
  size_t behind = 0;
  for (const ScriptStatement& statement : SplitStatements(script)) {
    ASSERT_LE(behind, statement.begin);
    ASSERT_LT(statement.begin, statement.end);
    ASSERT_LE(statement.end, script.size());
    behind = statement.end;
    const std::string_view text = script.substr(statement.begin, statement.end - statement.begin);
    const std::vector<ScriptStatement> again = SplitStatements(text);
    ASSERT_EQ(again.size(), 1u) << text;
    EXPECT_EQ(again[0].keywords, statement.keywords);
  }
}

TEST(LexerTest, NumberedParametersAreThoseThatTheServerTakes) {
  const std::string text = "SELECT $1, '$2', \"$3\", $$ $4 $$, a$5, /* $6 */ $10::int -- $7";
  std::vector<std::string> found;
  for (const Token& token : NumberedParameters(text))
    found.push_back(text.substr(token.begin, token.end - token.begin));
  EXPECT_EQ(found, (std::vector<std::string>{"$1", "$10"}));
  EXPECT_TRUE(NumberedParameters("SELECT '\\' $1'", false).empty());
}

TEST(LexerTest, MutatedScriptsKeepTheInvariants) {
  const std::string seeds[] = {
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN 1=1 THEN $$x;$$ END; END; SELECT "
      "'a''b';",
      "/* a /* b */ */ SELECT E'\\'' \n '\\';', U&\"x\", $t$ ; $t$, $1 FROM \"q;\" -- end\n; DO $$;$$",
      "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b); COMMIT; VACUUM",
  };
  const std::string_view alphabet = "';\"$/*-\\eEuU&(){}\n tagBEGIN1";
  std::mt19937 random(std::hash<std::string>{}("LexerTest.MutatedScriptsKeepTheInvariants"));
  for (int round = 0; round < 20000; ++round) {
    std::string script = seeds[random() % std::size(seeds)];
    for (unsigned i = 0; i <= random() % 6; ++i) {
      const size_t at = random() % (script.size() + 1);
      const unsigned kind = random() % 3;
      if (kind == 0) script.insert(at, 1, alphabet[random() % alphabet.size()]);
      if (kind == 1 && at < script.size()) script.erase(at, 1 + random() % 4);
      if (kind == 2 && at < script.size()) script[at] = static_cast<char>(random());
    }
    ASSERT_NO_FATAL_FAILURE(CheckInvariants(script)) << script;
  }
}

}  // namespace
}  // namespace memstack::sql
