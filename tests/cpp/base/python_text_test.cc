#include "base/python_text.h"

#include <gtest/gtest.h>

namespace memstack {
namespace {

TEST(PythonTextTest, MakesOneKindOfLineEnd) {
  EXPECT_EQ(UniversalNewlines("a\r\nb\rc\nd\r\r\n\r"), "a\nb\nc\nd\n\n\n");
  EXPECT_EQ(UniversalNewlines(""), "");
}

TEST(PythonTextTest, FindsTheFirstByteThatIsNotUtf8) {
  constexpr size_t kNone = std::string_view::npos;
  EXPECT_EQ(FindInvalidUtf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), kNone);
  EXPECT_EQ(FindInvalidUtf8("a\xFF"), 1U);
  EXPECT_EQ(FindInvalidUtf8("ab\xC0\x80"), 2U);        // overlong
  EXPECT_EQ(FindInvalidUtf8("\xED\xA0\x80"), 0U);      // a surrogate
  EXPECT_EQ(FindInvalidUtf8("\xF4\x90\x80\x80"), 0U);  // behind U+10FFFF
  EXPECT_EQ(FindInvalidUtf8("a\xE2\x82"), 1U);         // cut off
}

TEST(PythonTextTest, StripsWhatPythonCallsSpace) {
  EXPECT_EQ(Strip(" \t\x1F\u00A0\u3000 a b\u2028\n"), "a b");
  EXPECT_EQ(StripLeft("\u2003a "), "a ");
  EXPECT_EQ(StripRight(" a\u0085"), " a");
  EXPECT_EQ(Strip("\u200B"), "\u200B");  // a zero-width space is none
  EXPECT_EQ(LeadingSpaces("\u3000 \ta"), 3U);
}

}  // namespace
}  // namespace memstack
