// ./scripts/fuzz 60 database_url. A find becomes a case of tests/cpp/config/database_url_test.cc.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "config/database_url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    memstack::config::DatabaseUrl::Parse(text).Redacted();
  } catch (const memstack::Error&) {
  }
  return 0;
}
