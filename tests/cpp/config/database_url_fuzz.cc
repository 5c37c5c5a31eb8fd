// libFuzzer: clang++ -std=c++20 -fsanitize=fuzzer,address -Icpp tests/cpp/config/database_url_fuzz.cc
//   cpp/config/{database_url,url_parts,connection_keywords,conninfo,near_keys}.cc
//   cpp/base/{error,nearest_names,python_text}.cc
//   -lfmt
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
