// Asserts on memstack::Error: the exact code and a phrase of the message.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/error.h"

namespace memstack::pg {

// The error that `call` throws, for looking closer; fails the test, and gives nothing, if it throws none.
template <typename Call>
std::optional<Error> ExpectError(ErrorCode code, const std::string& phrase, Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(ErrorCodeName(error.code()), ErrorCodeName(code)) << error.Describe();
    EXPECT_NE(error.Describe().find(phrase), std::string::npos) << error.Describe();
    return error;
  }
  ADD_FAILURE() << "no error, expected " << ErrorCodeName(code) << ": " << phrase;
  return std::nullopt;
}

}  // namespace memstack::pg
