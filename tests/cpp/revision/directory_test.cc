#include "revision/directory.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "revision/expect_error.h"

namespace memstack::revision {
namespace {

namespace fs = std::filesystem;

class DirectoryTest : public testing::Test {
 protected:
  DirectoryTest() {
    std::string pattern = (fs::temp_directory_path() / "memstack-directory-XXXXXX").string();
    root_ = fs::canonical(mkdtemp(pattern.data()));
  }
  ~DirectoryTest() override { fs::remove_all(root_); }

  void Write(const std::string& name, const std::string& text = "revision = 'a'\ndown_revision = None\n") {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }

  // Relative to the root.
  std::vector<std::string> List(const VersionLocations& locations,
                                std::vector<std::string>* warnings = nullptr) {
    std::vector<std::string> names;
    for (const std::string& path : ListRevisionFiles(locations, warnings)) {
      names.push_back(fs::relative(path, root_).native());
    }
    return names;
  }

  fs::path root_;
};

using Names = std::vector<std::string>;

TEST_F(DirectoryTest, TakesWhatAlembicTakesSortedByName) {
  for (const char* name :
       {"b.py", "a.py", "__init__.py", "__init__2.py", ".#a.py", ".h.py", "c.txt", "sub/e.py"})
    Write(name);
  EXPECT_EQ(List({{root_}, false, false}), (Names{".h.py", "a.py", "b.py"}));
  EXPECT_EQ(List({{root_}, true, false}), (Names{".h.py", "a.py", "b.py", "sub/e.py"}));
}

TEST_F(DirectoryTest, LoadsAFileThatIsReachedTwiceOnce) {
  Write("one/a.py");
  fs::create_directories(root_ / "two");
  fs::create_symlink(root_ / "one/a.py", root_ / "two/other.py");
  Names warnings;
  EXPECT_EQ(List({{root_ / "one", root_ / "two", root_ / "missing"}, false, false}, &warnings),
            Names{"one/a.py"});
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("loaded twice"), std::string::npos);
}

TEST_F(DirectoryTest, TakesCompiledFilesOnlyWhereAsked) {
  Write("a.py");
  Write("__pycache__/a.cpython-311.pyc");
  Write("__pycache__/b.cpython-311.pyc");
  Write("c.pyc");
  Write("c.pyo");
  EXPECT_EQ(List({{root_}, false, false}), Names{"a.py"});
  EXPECT_EQ(List({{root_}, false, true}), (Names{"a.py", "c.pyc", "__pycache__/b.cpython-311.pyc"}));
  const DirectoryReading reading = ReadDirectories({{root_}, false, true});
  EXPECT_FALSE(reading.files[0].doubt);
  EXPECT_TRUE(reading.files[1].doubt);
}

TEST_F(DirectoryTest, KeepsDoubtfulFilesInTheirPlace) {
  Write("a.py");
  Write("b.py", "revision = make()\ndown_revision = None\n");
  Write("c.py");
  const DirectoryReading reading = ReadDirectories({{root_}, false, false});
  ASSERT_EQ(reading.files.size(), 3u);
  ASSERT_TRUE(reading.files[1].doubt);
  EXPECT_EQ(reading.files[1].doubt->line, 1);
  EXPECT_EQ(reading.files[1].header.file, (root_ / "b.py").native());
}

TEST_F(DirectoryTest, NamesAFileThatCannotBeRead) {
  fs::create_symlink(root_ / "gone.py", root_ / "a.py");
  ExpectError(ErrorCode::kRevisionFile, "gone.py", [&] { ReadDirectories({{root_}, false, false}); });
}

// Not a gate on time (the machine may be busy), only on the order of magnitude.
TEST_F(DirectoryTest, ReadsAThousandFilesQuickly) {
  const std::string body(3000, '#');
  for (int i = 0; i < 1000; ++i) {
    const std::string id = "r" + std::to_string(i);
    Write(id + ".py",
          "revision = '" + id + "'\ndown_revision = None\n\ndef upgrade():\n    op.execute('x')\n" + body);
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ReadDirectories({{root_}, false, false}).files.size(), 1000u);
  const auto took = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds",
                 static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  EXPECT_LT(took, std::chrono::seconds(2));
}

}  // namespace
}  // namespace memstack::revision
