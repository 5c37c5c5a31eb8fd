#include "config/ini_file.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/error.h"

namespace memstack::config {
namespace {

IniFile Parse(std::string_view text) {
  return IniFile::Parse(text, "alembic.ini", "/project");
}

Error FailureOf(std::string_view text) {
  try {
    Parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfiguration);
    EXPECT_FALSE(error.hint().empty()) << error.what();
    return error;
  }
  ADD_FAILURE() << "accepted: " << text;
  return Error(ErrorCode::kInternal, "");
}

TEST(IniFileTest, HereAndDefaultsAreSeenFromEverySection) {
  const IniFile file = Parse("[DEFAULT]\nName = x\n[alembic]\na = %(here)s/%(NAME)s %%\n");
  EXPECT_EQ(file.Get("alembic", "A"), "/project/x %");
  EXPECT_TRUE(file.HasOption("alembic", "name"));
  EXPECT_FALSE(file.HasOption("other", "name"));
  EXPECT_EQ(file.OwnOptions("alembic"), std::vector<std::string>{"a"});
}

TEST(IniFileTest, IndentedLinesContinueAValueAndCommentsInItVanish) {
  const IniFile file = Parse("[a]\nx = 1\n\n  # gone\n  2\n\ny: 3 ; kept\n");
  EXPECT_EQ(file.Get("a", "x"), "1\n\n2");
  EXPECT_EQ(file.Get("a", "y"), "3 ; kept");
  EXPECT_EQ(file.LineOf("a", "y"), 7);
}

TEST(IniFileTest, EachFaultOfTheFileNamesItsLine) {
  struct Case {
    std::string text;
    int line;
    std::string phrase;
  };
  const Case cases[] = {{"x = 1\n", 1, "before the first section"},
                        {"[a]\nx = 1\nX = 2\n", 3, "comes twice"},
                        {"[a]\n[b]\n[a]\n", 3, "comes twice"},
                        {"[a]\n\nnothing\n", 3, "name = value"},
                        {"[a]\n= 1\n", 2, "name = value"},
                        {"\xEF\xBB\xBF[a]\n", 1, "byte order mark"},
                        {"[a]\nx = \xFF\n", 2, "UTF-8"}};
  for (const Case& c : cases) {
    const Error error = FailureOf(c.text);
    ASSERT_TRUE(error.place().has_value()) << c.text;
    EXPECT_EQ(error.place()->line, c.line) << c.text;
    EXPECT_NE(std::string(error.what()).find(c.phrase), std::string::npos) << error.what();
  }
}

TEST(IniFileTest, ABadInterpolationFailsOnlyWhenItIsReadAndDoesNotShowTheValue) {
  const IniFile file = Parse("[a]\nok = 1\nurl = postgresql://u:secret%40x@h\n");
  EXPECT_EQ(file.Get("a", "ok"), "1");
  EXPECT_EQ(file.Raw("a", "url"), "postgresql://u:secret%40x@h");
  try {
    file.Get("a", "url");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.place()->line, 3);
    EXPECT_EQ(error.Describe().find("secret"), std::string::npos) << error.Describe();
  }
}

TEST(IniFileTest, SetMakesTheSection) {
  IniFile file("alembic.ini", "/project");
  file.Set("alembic", "script_location", "%(here)s/x");
  EXPECT_EQ(file.Get("alembic", "script_location"), "/project/x");
  EXPECT_THROW(file.Set("alembic", "x", "50%"), Error);
}

TEST(IniFileTest, MutatedFilesAreReadOrRefusedButNothingElse) {
  std::mt19937 random(20240601);
  const std::string seed =
      "[DEFAULT]\nz = %(here)s\n[alembic]\nx = 1\n  2\ny : %(x)s\xC3\xA9 %%\r\n# c\n[b]]\n";
  for (int i = 0; i < 20000; ++i) {
    std::string text = seed;
    for (unsigned n = random() % 6; n > 0; --n) {
      const size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = static_cast<char>(random());
      } else {
        text.insert(at, text.substr(random() % text.size(), random() % 8));
      }
    }
    try {
      const IniFile file = Parse(text);
      for (const std::string& section : file.sections()) {
        for (const std::string& option : file.OwnOptions(section)) file.Get(section, option);
      }
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kConfiguration);
    }
  }
}

}  // namespace
}  // namespace memstack::config
