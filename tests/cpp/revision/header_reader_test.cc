#include "revision/header_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "revision/expect_error.h"

namespace memstack::revision {
namespace {

using Strings = std::vector<std::string>;

const std::string kBoth = "revision = 'a'\ndown_revision = None\n";

Header Read(const std::string& source) {
  HeaderReading reading = ReadHeader("versions/one.py", source);
  EXPECT_FALSE(reading.doubt) << reading.doubt->reason << "\n" << source;
  return reading.header;
}

std::string DoubtAbout(const std::string& source) {
  const HeaderReading reading = ReadHeader("versions/one.py", source);
  EXPECT_TRUE(reading.doubt) << source;
  return reading.doubt ? reading.doubt->reason : "";
}

TEST(HeaderReaderTest, ReadsWhatTheTemplateWrites) {
  const Header header = Read(R"("""create users

Revision ID: 27c6a30d7c24
Revises: ae1027a6acf
"""
from typing import Sequence, Union
from alembic import op

# revision identifiers, used by Alembic.
revision: str = '27c6a30d7c24'
down_revision: Union[str, Sequence[str], None] = ('ae1027a6acf', "b2")
branch_labels: Union[str, Sequence[str], None] = ('shop',)
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("revision = 'not this one'")
)");
  EXPECT_EQ(header.revision, "27c6a30d7c24");
  EXPECT_EQ(header.down_revisions, (Strings{"ae1027a6acf", "b2"}));
  EXPECT_EQ(header.branch_labels, Strings{"shop"});
  EXPECT_EQ(header.depends_on, Strings{});
  EXPECT_EQ(header.message, "create users");
  EXPECT_EQ(header.long_message, "create users\n\nRevision ID: 27c6a30d7c24\nRevises: ae1027a6acf");
  EXPECT_EQ(header.revision_line, 10);
  EXPECT_EQ(header.depends_on_line, 13);
}

TEST(HeaderReaderTest, ReadsEveryKindOfStringLiteral) {
  const struct {
    const char* literal;
    const char* value;
  } kCases[] = {
      {"'a'", "a"},
      {"\"a'b\"", "a'b"},
      {"'''a\nb'''", "a\nb"},
      {"\"\"\"a\"b\"\"\"", "a\"b"},
      {"r'\\d'", "\\d"},
      {"U'a' R\"b\"", "ab"},
      {"'a' + ('b' 'c')", "abc"},
      {"(\n 'a' # no\n 'b'\n)", "ab"},
      {"'a' \\\n 'b'", "ab"},
      {"'\\x41\\101\\u00e9\\U0001F600\\n\\q\\\\'", "AA\u00e9\U0001F600\n\\q\\"},
      {"'a\\\nb'", "ab"},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(Read(std::string("down_revision = None\nrevision = ") + test.literal + "\n").revision,
              test.value)
        << test.literal;
  }
}

TEST(HeaderReaderTest, LeavesWhatIsNoLiteralToPython) {
  for (const char* value : {"f'a'", "b'a'", "x", "'a'.upper()", "'a' if x else 'b'", "str('a')", "'%s' % x",
                            "1", "'\\N{DIGIT ONE}'", "'\\ud800'", "'\\x4'", "('a', None)", "['a', ['b']]",
                            "{'a', 'b'}", "{}", "{'a': 'b'}", "('a',) + ('b',)", "lambda: 'a'", "not None"}) {
    EXPECT_NE(DoubtAbout(std::string("revision = 'a'\ndown_revision = ") + value + "\n"), "") << value;
  }
}

TEST(HeaderReaderTest, OfTwoPlainAssignmentsTheLastCounts) {
  const Header header = Read(kBoth + "depends_on = ['x']\nrevision = 'b'\ndepends_on = None\n");
  EXPECT_EQ(header.revision, "b");
  EXPECT_EQ(header.depends_on, Strings());
}

TEST(HeaderReaderTest, DoubtsEveryOtherWayToSetAName) {
  for (const char* line : {
           "revision += 'b'",
           "if x:\n  revision = 'b'",
           "if x: revision = 'b'",
           "try:\n  pass\nexcept E as revision:\n  pass",
           "for revision in x: pass",
           "import a as revision",
           "from a import *",
           "del revision",
           "x = (revision := 'b')",
           "x = f\"{(revision := 'b')}\"",
           "def f():\n  global revision\nf()",
           "@f\ndef g():\n  exec('')",
           "globals()['revision'] = 'b'",
           "exec('revision = 1')",
           "[revision, x] = y",
           "x = revision = 'b'",
           "class revision: pass",
           "def revision(): pass",
           "__doc__ = 'x'",
           "vars()['revision'] = 'b'",
       }) {
    EXPECT_NE(DoubtAbout(kBoth + line + "\n"), "") << line;
  }
}

TEST(HeaderReaderTest, DoubtsWhatItCannotTokenize) {
  for (const char* text :
       {"x = (", "x = )", "x = 'a", "x = '''a", "x = 1 $ 2", "  x = 1", "x = 1 \\", "\f", "x = f'{a['b']}'",
        "x = f\"{a!r\"", "\xff", "r\xc3\xa9 = 1", "x = f'{f\"{y['a']}\"}'"}) {
    EXPECT_NE(DoubtAbout(kBoth + text + "\n"), "") << text;
  }
  EXPECT_NE(DoubtAbout("# coding: utf-16\n" + kBoth), "");
  EXPECT_NE(DoubtAbout(kBoth + std::string(200, '(') + std::string(200, ')')), "");
}

TEST(HeaderReaderTest, TakesOtherUsesOfTheNamesForWhatTheyAre) {
  for (const char* text :
       {"def upgrade():\n  revision = 2\n  print(revision)\n  return globals()['f']()",
        "class C:\n  revision = 1\n  def f(self):\n    self.revision = 2", "f(revision='b')", "x.depends_on",
        "if x:\n  y = 1\nelse:\n  y = 2", "'''\nrevision = 'b'\n'''",
        "x = f'{y:#x} {z!r:>{10}} {{}} {f\"{y}\"}'", "# revision = 'b'", "def f():\n  session.exec(x)"}) {
    EXPECT_EQ(Read(kBoth + text + "\n").revision, "a") << text;
  }
}

TEST(HeaderReaderTest, KnowsWhatIsADocstring) {
  EXPECT_EQ(Read("'''\n  one\n two\n\n three '''\n" + kBoth).message, "one\n two");
  EXPECT_EQ(Read("('a' \"b\"); x = 1\n" + kBoth).message, "ab");
  EXPECT_EQ(Read("\xEF\xBB\xBF# comment\r\n\r\n'doc'\r\n" + kBoth).message, "doc");
  for (const char* first :
       {"b'doc'\n", "f'doc'\n", "x = 'doc'\n", "'a' + 'b'\n", "import os\n'doc'\n", "'a'.b\n"}) {
    EXPECT_EQ(Read(first + kBoth).message, "") << first;
  }
}

TEST(HeaderReaderTest, RefusesAFileWithoutAnIdUnlessItsNameIsOne) {
  EXPECT_EQ(ReadHeader("versions/1a2b.py", "down_revision = None\n").header.revision, "1a2b");
  ExpectError(ErrorCode::kRevisionFile, "no revision id in versions/first.py",
              [] { ReadHeader("versions/first.py", "down_revision = None\n"); });
  ExpectError(ErrorCode::kRevisionFile, "no down_revision",
              [] { ReadHeader("versions/1a.py", "revision = 'a'\n"); });
}

}  // namespace
}  // namespace memstack::revision
