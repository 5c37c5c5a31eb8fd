#include "cli/command_line.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace memstack::cli {
namespace {

using Words = std::vector<std::string>;

Invocation Parse(const Words& arguments) {
  const ParseOutcome outcome = ParseCommandLine("prog", arguments);
  EXPECT_TRUE(outcome.invocation) << outcome.text;
  return outcome.invocation.value_or(Invocation());
}

void ExpectUsageError(const Words& arguments, const std::string& phrase) {
  try {
    ParseCommandLine("prog", arguments);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(error.Describe().find(phrase), std::string::npos) << error.Describe();
    EXPECT_EQ(error.hint(), "see: prog --help");
    return;
  }
  ADD_FAILURE() << "no error; expected: " << phrase;
}

// What env.py's config.cmd_opts is made of, and what Alembic's own commands are run with.
TEST(CommandLineTest, CommandsAndTheirLineForAlembic) {
  const struct {
    Words arguments;
    const char* command;
    Words targets;
    Words for_alembic;
    bool is_alembics = false;
  } cases[] = {
      {{"upgrade"}, "upgrade", {"head"}, {"upgrade", "head"}},
      {{"upgrade", "+2"}, "upgrade", {"+2"}, {"upgrade", "+2"}},
      {{"upgrade", "label@head", "--tag", "t"},
       "upgrade",
       {"label@head"},
       {"upgrade", "--tag", "t", "label@head"}},
      {{"upgrade", "a:b", "--sql"}, "upgrade", {"a:b"}, {"upgrade", "--sql", "a:b"}},
      {{"downgrade", "base"}, "downgrade", {"base"}, {"downgrade", "base"}},
      {{"downgrade", "-1"}, "downgrade", {"-1"}, {"downgrade", "-1"}},
      {{"downgrade", "--tag=t", "-12"}, "downgrade", {"-12"}, {"downgrade", "--tag", "t", "-12"}},
      {{"downgrade", "b:a", "--sql"}, "downgrade", {"b:a"}, {"downgrade", "--sql", "b:a"}},
      {{"stamp", "a", "b"}, "stamp", {"a", "b"}, {"stamp", "a", "b"}},
      {{"stamp", "--purge", "head"}, "stamp", {"head"}, {"stamp", "--purge", "head"}},
      {{"stamp", "head", "--sql"}, "stamp", {"head"}, {"stamp", "--sql", "head"}},
      {{"current"}, "current", {}, {"current"}},
      {{"current", "--check-heads", "-v"}, "current", {}, {"current", "--verbose", "--check-heads"}},
      {{"heads", "--resolve-dependencies"}, "heads", {}, {"heads", "--resolve-dependencies"}},
      {{"history", "-r", "a:b", "-i"}, "history", {}, {"history", "--indicate-current", "--rev-range=a:b"}},
      {{"history", "-r-2:"}, "history", {}, {"history", "--rev-range=-2:"}},
      {{"status"}, "status", {}, {"current"}},
      {{"revision", "-m", "add x", "--autogenerate"},
       "revision",
       {},
       {"revision", "-m", "add x", "--autogenerate"},
       true},
      {{"merge", "a", "b", "-m", "m"}, "merge", {}, {"merge", "a", "b", "-m", "m"}, true},
      {{"branches", "-v"}, "branches", {}, {"branches", "-v"}, true},
      {{"check"}, "check", {}, {"check"}, true},
      {{"edit", "-1"}, "edit", {}, {"edit", "-1"}, true},
      {{"ensure_version", "--sql"}, "ensure_version", {}, {"ensure_version", "--sql"}, true},
      {{"init", "-t", "async", "dir"}, "init", {}, {"init", "-t", "async", "dir"}, true},
      {{"list_templates"}, "list_templates", {}, {"list_templates"}, true},
      {{"show", "--help"}, "show", {}, {"show", "--help"}, true},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(testing::PrintToString(expected.arguments));
    const Invocation invocation = Parse(expected.arguments);
    EXPECT_EQ(invocation.command, expected.command);
    EXPECT_EQ(invocation.targets, expected.targets);
    EXPECT_EQ(invocation.alembic_arguments, expected.for_alembic);
    EXPECT_EQ(invocation.is_alembics, expected.is_alembics);
  }
}

TEST(CommandLineTest, FlagsArriveInTheirFields) {
  const Invocation all =
      Parse({"--url", "postgresql://h/d", "--lock-timeout", "2.5", "--json", "--quiet", "--raiseerr",
             "history", "--rev-range", "a:", "--indicate-current", "--verbose"});
  EXPECT_EQ(all.url, "postgresql://h/d");
  EXPECT_EQ(all.lock_timeout, 2.5);
  EXPECT_TRUE(all.json && all.quiet && all.raise_errors && all.verbose && all.indicate_current);
  EXPECT_EQ(all.rev_range, "a:");
  const Invocation none = Parse({"upgrade"});
  EXPECT_EQ(none.lock_timeout, std::nullopt);
  EXPECT_FALSE(none.json || none.quiet || none.raise_errors || none.verbose || none.sql || none.purge ||
               none.check_heads || none.indicate_current || none.resolve_dependencies);
  EXPECT_EQ(none.section, "alembic");
  EXPECT_TRUE(Parse({"stamp", "--purge", "a"}).purge);
  EXPECT_TRUE(Parse({"heads", "--resolve-dependencies"}).resolve_dependencies);
  EXPECT_EQ(Parse({"upgrade", "--tag", "t"}).tag, "t");
}

TEST(CommandLineTest, GlobalFlagsStandBeforeOrBehindTheCommand) {
  for (const Words& arguments :
       {Words{"-c", "a.ini", "-n", "other", "-x", "k=v", "-x", "k2", "--raiseerr", "upgrade", "+1"},
        Words{"upgrade", "+1", "--config", "a.ini", "--name", "other", "-x", "k=v", "-x", "k2", "--raiseerr"},
        Words{"-x", "k=v", "upgrade", "-c", "a.ini", "+1", "-x", "k2", "-n", "other", "--raiseerr"}}) {
    SCOPED_TRACE(testing::PrintToString(arguments));
    const Invocation invocation = Parse(arguments);
    EXPECT_EQ(invocation.config_files, Words{"a.ini"});
    EXPECT_EQ(invocation.section, "other");
    EXPECT_EQ(invocation.x_arguments, (Words{"k=v", "k2"}));
    EXPECT_EQ(invocation.alembic_arguments, (Words{"--config", "a.ini", "--name", "other", "-x", "k=v", "-x",
                                                   "k2", "--raiseerr", "upgrade", "+1"}));
  }
}

TEST(CommandLineTest, TwoConfigurationFilesKeepTheirOrder) {
  EXPECT_EQ(Parse({"-c", "a.ini", "-c", "pyproject.toml", "heads"}).config_files,
            (Words{"a.ini", "pyproject.toml"}));
}

TEST(CommandLineTest, OursAreNotShownToAlembic) {
  EXPECT_EQ(Parse({"--url", "u", "--lock-timeout", "1", "--json", "show", "a"}).alembic_arguments,
            (Words{"show", "a"}));
  EXPECT_EQ(Parse({"--url", "check", "show", "a"}).url, "check") << "a flag's value is no command";
}

TEST(CommandLineTest, CheckHeadsIsCOfItsCommand) {
  const Invocation invocation = Parse({"-c", "a.ini", "current", "-c"});
  EXPECT_TRUE(invocation.check_heads);
  EXPECT_EQ(invocation.config_files, Words{"a.ini"});
}

TEST(CommandLineTest, MistakesAreUsageErrors) {
  ExpectUsageError({}, "subcommand");
  ExpectUsageError({"upgarde", "head"}, "there is no command 'upgarde'");
  ExpectUsageError({"downgrade"}, "revision is required");
  ExpectUsageError({"stamp"}, "revisions is required");
  ExpectUsageError({"upgrade", "a", "b"}, "b");
  ExpectUsageError({"upgrade", "--nothing"}, "--nothing");
  ExpectUsageError({"--lock-timeout", "soon", "upgrade"}, "soon");
  ExpectUsageError({"upgrade", "-c"}, "-c");
}

TEST(CommandLineTest, HelpAndVersionAreText) {
  const ParseOutcome help = ParseCommandLine("prog", {"--help"});
  EXPECT_FALSE(help.invocation);
  for (const char* word : {"prog", "upgrade", "status", "--lock-timeout", "revision"}) {
    EXPECT_NE(help.text.find(word), std::string::npos) << word;
  }
  EXPECT_NE(ParseCommandLine("prog", {"stamp", "--help"}).text.find("--purge"), std::string::npos);
  EXPECT_EQ(ParseCommandLine("prog", {"--version"}).text.find("prog "), 0U);
}

}  // namespace
}  // namespace memstack::cli
