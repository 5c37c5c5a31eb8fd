// The header reader over the corpus of its fuzz target, and over mutations of it: whatever the bytes, it
// answers, doubts or refuses, and what it answers lies within the file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "revision/header_reader.h"

namespace memstack::revision {
namespace {

struct Sample {
  std::string name;
  std::string bytes;
};

std::vector<Sample> Corpus() {
  std::vector<Sample> corpus;
  for (const auto& entry : std::filesystem::directory_iterator(MEMSTACK_HEADER_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    corpus.push_back({entry.path().filename(), std::string(std::istreambuf_iterator<char>(file), {})});
  }
  std::sort(corpus.begin(), corpus.end(), [](const Sample& a, const Sample& b) { return a.name < b.name; });
  return corpus;
}

// Whether the header was read.
bool ReadAndCheck(const std::string& bytes) {
  try {
    const HeaderReading reading = ReadHeader("1a.py", bytes);
    if (reading.doubt) {
      EXPECT_FALSE(reading.doubt->reason.empty());
      return false;
    }
    const auto lines =
        1 + std::count_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
    EXPECT_LE(reading.header.revision_line, lines);
    EXPECT_LE(reading.header.revision.size(), std::max<size_t>(bytes.size(), 2));
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kRevisionFile) << error.Describe();
    return false;
  }
}

// The name says what is to come of it: read_*, doubt_*. No file is called .py, since most are no Python.
TEST(HeaderReaderReplayTest, GivesWhatTheNameOfTheSampleSays) {
  const std::vector<Sample> corpus = Corpus();
  ASSERT_GE(corpus.size(), 10u);
  for (const Sample& sample : corpus) {
    SCOPED_TRACE(sample.name);
    EXPECT_EQ(ReadAndCheck(sample.bytes), sample.name.starts_with("read_"));
  }
}

TEST(HeaderReaderReplayTest, SurvivesRandomMutations) {
  const std::vector<Sample> corpus = Corpus();
  std::mt19937 random(20260101);
  const auto below = [&](size_t limit) { return limit == 0 ? 0 : random() % limit; };
  constexpr std::string_view kPieces[] = {"'", "\"\"\"", "\\",       "\n", "(",  ")",   "{",
                                          "}", "f'",     "revision", "=",  "\r", "\xEF"};
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = corpus[below(corpus.size())].bytes;
    for (size_t edits = 1 + below(4); edits > 0; --edits) {
      const size_t at = below(bytes.size() + 1);
      switch (below(4)) {
        case 0:
          bytes.erase(at, below(20));
          break;
        case 1:
          bytes.insert(at, kPieces[below(std::size(kPieces))]);
          break;
        case 2:
          bytes.resize(at);
          break;
        default:
          if (at < bytes.size()) bytes[at] = static_cast<char>(random());
      }
    }
    ReadAndCheck(bytes);
  }
}

}  // namespace
}  // namespace memstack::revision
