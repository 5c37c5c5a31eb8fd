#include "program/interpreter.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/error.h"

namespace memstack::program {
namespace {

namespace fs = std::filesystem;

class LocateInterpreterTest : public testing::Test {
 protected:
  LocateInterpreterTest() {
    std::string pattern = fs::temp_directory_path() / "memstack-interpreter-XXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  ~LocateInterpreterTest() override { fs::remove_all(root_); }

  // A program of no use but to be found.
  std::string Put(const std::string& name, fs::perms permissions = fs::perms::owner_all) {
    const fs::path path = root_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n";
    fs::permissions(path, permissions);
    return path.string();
  }

  static InterpreterSearch Search(const std::string& named, const fs::path& path) {
    return {.named = named, .virtual_env = {}, .program_directory = {}, .path = path.string()};
  }

  fs::path root_;
};

TEST_F(LocateInterpreterTest, TheOrderIsNamedEnvironmentNeighbourPath) {
  InterpreterSearch search{.named = Put("named/mine"),
                           .virtual_env = fs::path(Put("venv/bin/python")).parent_path().parent_path(),
                           .program_directory = fs::path(Put("beside/python")).parent_path(),
                           .path = (root_ / "none").string() + ":" + (root_ / "second").string()};
  const std::string on_path = Put("second/python3");
  Put("second/python");
  EXPECT_EQ(LocateInterpreter(search), root_ / "named/mine");
  search.named = "";
  EXPECT_EQ(LocateInterpreter(search), root_ / "venv/bin/python");
  search.virtual_env = root_ / "deleted";
  EXPECT_EQ(LocateInterpreter(search), root_ / "beside/python");
  search.program_directory = root_ / "none";
  EXPECT_EQ(LocateInterpreter(search), on_path);
}

TEST_F(LocateInterpreterTest, ANameIsLookedForOnPath) {
  const std::string wanted = Put("bin/python3.99");
  EXPECT_EQ(LocateInterpreter(Search("python3.99", root_ / "bin")), wanted);
}

TEST_F(LocateInterpreterTest, WhatCannotBeStartedIsNoInterpreter) {
  Put("bin/python3", fs::perms::owner_read);
  fs::create_directories(root_ / "bin/python");
  for (const InterpreterSearch& search :
       {Search("", root_ / "bin"), Search(root_ / "bin/python3", ""), Search("python3", "")}) {
    try {
      LocateInterpreter(search);
      ADD_FAILURE() << "found one";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInterpreter);
      EXPECT_NE(error.Describe().find("MEMSTACK_MIGRATE_PYTHON"), std::string::npos) << error.Describe();
    }
  }
}

std::string Answer(const std::string& version, const std::string& package, const std::string& problem = "") {
  std::string text = "\x02memstack-migrate\x02";
  for (const std::string& field :
       {std::string("/venv/bin/python"), version, std::string("/lib/libpython3.so"), package, problem}) {
    text += field + '\0';
  }
  return text;
}

TEST(ReadAnswerTest, NoiseAroundTheAnswerIsSkipped) {
  const Interpreter interpreter =
      ReadAnswer("python3", "import 'site'\n" + Answer("3.11.7", MEMSTACK_VERSION) + "# clear sys.path\n");
  EXPECT_EQ(interpreter.executable, "/venv/bin/python");
  EXPECT_EQ(interpreter.version, "3.11.7");
  EXPECT_EQ(interpreter.library, "/lib/libpython3.so");
}

TEST(ReadAnswerTest, EachRefusalSaysWhatAndWhatToDo) {
  const std::string whole = Answer("3.11.7", MEMSTACK_VERSION);
  const struct {
    std::string output;
    const char* phrase;
  } cases[] = {
      {"", "it said: nothing"},
      {"first\nSegmentation fault\n", "it said: Segmentation fault"},
      {whole.substr(0, whole.size() - 1), "does not answer"},
      {Answer("2.7.18", ""), "Python 2.7.18 (p) is too old: 3.10 is needed"},
      {Answer("3.9.18", ""), "too old"},
      {Answer("3.12.1", "", "missing"), "p -m pip install memstack-migrate=="},
      {Answer("3.13.0rc1", "", "ImportError: no _engine"),
       "cannot import memstack_migrate: ImportError: no _engine"},
      {Answer("3.14.0", "0.0.7"), "of Python 3.14.0 (p) is 0.0.7"},
  };
  for (const auto& expected : cases) {
    try {
      ReadAnswer("p", expected.output);
      ADD_FAILURE() << "accepted; expected: " << expected.phrase;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInterpreter);
      EXPECT_NE(error.Describe().find(expected.phrase), std::string::npos) << error.Describe();
      EXPECT_NE(error.hint(), "");
    }
  }
}

}  // namespace
}  // namespace memstack::program
