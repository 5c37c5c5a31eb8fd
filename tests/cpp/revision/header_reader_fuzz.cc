// Fuzz target for the header reader. Not part of the default build:
//   clang++ -std=c++20 -g -fsanitize=fuzzer,address,undefined -Icpp tests/cpp/revision/header_reader_fuzz.cc
//     cpp/revision/{header_reader,module_scan,literal,python_string}.cc cpp/base/{error,python_*}.cc -lfmt
//     -o header_reader_fuzz                                                            (one line)
//   ./header_reader_fuzz -max_len=4096 tests/cpp/revision/header_corpus
// A crash that it finds becomes a file of header_corpus, which the ordinary tests replay.
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
