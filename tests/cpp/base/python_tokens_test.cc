#include "base/python_tokens.h"

#include <gtest/gtest.h>

#include <string>

#include "base/python_doubt.h"

namespace memstack {
namespace {

// The tokens of the text, a blank between two and "|" after each logical line.
std::string Split(std::string_view source) {
  const PythonTokens python = TokenizePython(source);
  std::string out;
  for (const PythonLine& line : python.lines) {
    for (const PythonToken& token : python.Of(line)) out.append(token.text).append(" ");
    out += "|";
  }
  return out;
}

TEST(PythonTokensTest, CutsWherePythonCuts) {
  const struct {
    std::string_view source, tokens;
  } cases[] = {
      {"a = b  # c\nd", "a = b |d |"},
      {"f(a,\n  b)\nc", "f ( a , b ) |c |"},
      {"a = \\\n  b\n", "a = b |"},
      {"x **= y != z -> w := v", "x **= y != z -> w := v |"},
      {"rb'x' F\"{y}\" '''a\n'b'''", "rb'x' F\"{y}\" '''a\n'b''' |"},
      {"f'{{}}' f\"{d['}']}\"", "f'{{}}' f\"{d['}']}\" |"},
      {"return'x'", "return 'x' |"},
      {"1e-5 1_000 0x1F .5 1.5j", "1e-5 1_000 0x1F .5 1.5j |"},
      // A name may follow a number without a space.
      {"0for x in y", "0 for x in y |"},
      {"1else-x", "1 else - x |"},
      {"0xfor y", "0xf or y |"},
      {"1..real", "1. . real |"},
  };
  for (const auto& [source, tokens] : cases) EXPECT_EQ(Split(source), tokens) << source;
}

TEST(PythonTokensTest, KnowsLinesIndentationAndDepth) {
  const PythonTokens python = TokenizePython("if a:\n \tb(c,\n'''d\n''')\n\ne");
  ASSERT_EQ(python.lines.size(), 3U);
  EXPECT_EQ(python.lines[1].indent, 8);
  const std::span<const PythonToken> call = python.Of(python.lines[1]);
  ASSERT_EQ(call.size(), 6U);
  EXPECT_TRUE(call[0].starts_line);
  EXPECT_FALSE(call[2].starts_line);
  EXPECT_EQ(call[1].depth, 0);
  EXPECT_EQ(call[2].depth, 1);
  EXPECT_EQ(call[4].line, 3);
  EXPECT_EQ(call[5].line, 4);
  EXPECT_EQ(call[5].depth, 0);
  EXPECT_EQ(python.Of(python.lines[2])[0].line, 6);
}

TEST(PythonTokensTest, TakesStringsApart) {
  const PythonTokens python = TokenizePython("Rb'a\\'b' '' '''''' F'''x''' is");
  const auto& tokens = python.tokens;
  EXPECT_EQ(tokens[0].Body(), "a\\'b");
  EXPECT_TRUE(tokens[0].HasPrefix("r"));
  EXPECT_FALSE(tokens[0].HasPrefix("ft"));
  EXPECT_EQ(tokens[1].Body(), "");
  EXPECT_EQ(tokens[2].Body(), "");
  EXPECT_EQ(tokens[3].Body(), "x");
  EXPECT_TRUE(tokens[3].HasPrefix("ft"));
  EXPECT_FALSE(tokens[1].Is("''"));
  EXPECT_TRUE(tokens[4].Is("is"));
}

TEST(PythonTokensTest, DoubtsWhatOnlyPythonCanCut) {
  const struct {
    std::string_view source, reason;
    int line;
  } cases[] = {
      {"a\n(", "not closed", 2},
      {"(]", "do not match", 1},
      {"a\n'b\n", "a string is not closed", 2},
      {"f'}'", "single '}'", 1},
      {"f'{x['y']}'", "an f-string", 1},
      {"f\"{f'{x[\"y\"]}'}\"", "an f-string", 1},
      {"\\\nx", "starts with a backslash", 1},
      {"a \\ b", "stray backslash", 1},
      {"\xC3\xA9 = 1", "outside ASCII", 1},
      {"a = $", "does not know", 1},
      {"\fa", "does not know", 1},
  };
  for (const auto& [source, reason, line] : cases) {
    try {
      TokenizePython(source);
      ADD_FAILURE() << source;
    } catch (const PythonDoubt& doubt) {
      EXPECT_NE(std::string_view(doubt.what()).find(reason), std::string_view::npos) << doubt.what();
      EXPECT_EQ(doubt.line(), line) << source;
    }
  }
}

}  // namespace
}  // namespace memstack
