#include "base/python_source.h"

#include <gtest/gtest.h>

#include <string>

#include "base/python_doubt.h"

namespace memstack {
namespace {

TEST(PythonSourceTest, GivesTheTextThatPythonWorksOn) {
  EXPECT_EQ(DecodePythonSource("\xEF\xBB\xBF"
                               "a\r\nb\rc\n"),
            "a\nb\nc\n");
  for (const std::string coding : {"utf-8", "UTF8", "utf_8", "utf-8-sig"}) {
    EXPECT_EQ(DecodePythonSource("# coding: " + coding + "\n'\xC3\xA9'"),
              "# coding: " + coding + "\n'\xC3\xA9'");
  }
  EXPECT_NO_THROW(DecodePythonSource("# coding: latin-1\nx = 1\n"));
  EXPECT_NO_THROW(DecodePythonSource("x = 1\n# coding: utf-7\n"));  // behind code it means nothing
}

TEST(PythonSourceTest, DoubtsWhatIsNotUtf8) {
  const std::string sources[] = {"'\xFF'",
                                 "'\xC0\x80'",
                                 "'\xED\xA0\x80'",
                                 std::string("a\0", 2),
                                 "# coding: latin-1\n'\xC3\xA9'",
                                 "# -*- coding: utf-7 -*-\n",
                                 "\n#vim: fileencoding=cp037\n"};
  for (const std::string& source : sources) EXPECT_THROW(DecodePythonSource(source), PythonDoubt) << source;
}

}  // namespace
}  // namespace memstack
