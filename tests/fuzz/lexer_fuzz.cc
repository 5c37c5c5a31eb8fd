// ./scripts/fuzz 60 lexer. It aborts where a statement lies outside the text or out of order; a find becomes
// a case of tests/cpp/sql/lexer_test.cc.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sql/lexer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  for (const bool standard : {true, false}) {
    size_t behind = 0;
    for (const memstack::sql::ScriptStatement& statement : memstack::sql::SplitStatements(script, standard)) {
      if (statement.begin < behind || statement.begin >= statement.end || statement.end > size) std::abort();
      behind = statement.end;
    }
  }
  return 0;
}
