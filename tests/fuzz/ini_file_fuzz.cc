// ./scripts/fuzz 60 ini_file. A find becomes a case of tests/cpp/config/ini_file_test.cc.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "config/ini_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto file = memstack::config::IniFile::Parse(text, "alembic.ini", "/here");
    for (const std::string& section : file.sections()) {
      for (const std::string& option : file.OwnOptions(section)) file.Raw(section, option);
    }
  } catch (const memstack::Error&) {
  }
  return 0;
}
