// A failure's code and a phrase of its message, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace memstack::revision {

// Runs `action`, expects an Error with `code` whose report contains `phrase`, and returns the report.
template <typename Action>
std::string ExpectError(ErrorCode code, std::string_view phrase, Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(ErrorCodeName(error.code()), ErrorCodeName(code)) << error.Describe();
    EXPECT_NE(error.Describe().find(phrase), std::string::npos) << error.Describe();
    return error.Describe();
  }
  ADD_FAILURE() << "no error; expected: " << phrase;
  return "";
}

}  // namespace memstack::revision
