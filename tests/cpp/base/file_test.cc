#include "base/file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace memstack {
namespace {

TEST(FileTest, GivesEveryByte) {
  const std::string path = ::testing::TempDir() + "file_test.bin";
  const std::string content = std::string("a\0b\r\n", 5) + std::string(10'000, 'x');
  std::ofstream(path, std::ios::binary) << content;
  std::error_code error = std::make_error_code(std::errc::io_error);
  EXPECT_EQ(ReadFile(path, error), content);
  EXPECT_FALSE(error);
  std::filesystem::remove(path);
  // Its size is said to be zero.
  EXPECT_NE(ReadFile("/proc/self/status", error), "");
  EXPECT_FALSE(error);
}

TEST(FileTest, SaysWhyThereIsNothing) {
  std::error_code error;
  EXPECT_EQ(ReadFile(::testing::TempDir() + "missing", error), "");
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
  EXPECT_EQ(ReadFile(::testing::TempDir(), error), "");
  EXPECT_EQ(error, std::errc::is_a_directory);
}

}  // namespace
}  // namespace memstack
