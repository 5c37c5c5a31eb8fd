#include "program/child_process.h"

#include <gtest/gtest.h>

namespace memstack::program {
namespace {

TEST(RunChildTest, CollectsBothStreamsAndTheExitCode) {
  const auto output = RunChild({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->text, "out\nerr\n");
  EXPECT_EQ(output->exit_code, 3);
}

TEST(RunChildTest, AChildThatReadsFindsTheEnd) {
  EXPECT_EQ(RunChild({"/bin/sh", "-c", "cat; echo done"})->text, "done\n");
}

TEST(RunChildTest, MoreThanAPipeHolds) {
  EXPECT_EQ(RunChild({"/bin/sh", "-c", "yes | head -c 300000"})->text.size(), 300000U);
}

TEST(RunChildTest, ASignalIsNoExitCode) {
  EXPECT_EQ(RunChild({"/bin/sh", "-c", "kill -9 $$"})->exit_code, std::nullopt);
}

TEST(RunChildTest, WhatCannotBeStartedGivesNothing) {
  EXPECT_FALSE(RunChild({"/nonexistent/program"}));
}

}  // namespace
}  // namespace memstack::program
