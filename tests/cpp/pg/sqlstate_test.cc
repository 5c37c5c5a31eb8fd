#include "pg/sqlstate.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace memstack::pg {
namespace {

TEST(SqlstateTest, ExactCodesWinOverClassesAndTheRestIsOther) {
  const std::vector<std::pair<std::string_view, SqlstateMeaning>> cases = {
      {"40001", SqlstateMeaning::kRetryable},
      {"40P01", SqlstateMeaning::kRetryable},
      {"40002", SqlstateMeaning::kOther},  // an integrity violation at commit is not cured by trying again
      {"55P03", SqlstateMeaning::kLockNotAvailable},
      {"55006", SqlstateMeaning::kOther},
      {"42501", SqlstateMeaning::kInsufficientPrivilege},
      {"42P01", SqlstateMeaning::kOther},
      {"57P01", SqlstateMeaning::kConnectionLost},
      {"57P03", SqlstateMeaning::kServerNotReady},
      {"57014", SqlstateMeaning::kOther},
      {"08006", SqlstateMeaning::kConnectionLost},
      {"08P01", SqlstateMeaning::kConnectionLost},
      {"53300", SqlstateMeaning::kServerNotReady},
      {"53100", SqlstateMeaning::kOther},
      {"28P01", SqlstateMeaning::kAuthenticationFailed},
      {"23505", SqlstateMeaning::kOther},
      {"", SqlstateMeaning::kOther},
      {"08", SqlstateMeaning::kOther},
      {"0800600", SqlstateMeaning::kOther},
  };
  for (const auto& [code, meaning] : cases) EXPECT_EQ(MeaningOfSqlstate(code), meaning) << code;
}

}  // namespace
}  // namespace memstack::pg
