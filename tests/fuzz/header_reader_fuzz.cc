// ./scripts/fuzz 60 header_reader. A crash that it finds becomes a file of tests/cpp/revision/header_corpus,
// which the ordinary tests replay.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "revision/header_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    memstack::revision::ReadHeader("1a.py", {reinterpret_cast<const char*>(data), size});
  } catch (const memstack::Error&) {  // refusing a file is an answer
  }
  return 0;
}
