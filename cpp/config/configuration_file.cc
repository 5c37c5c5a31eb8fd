#include "config/configuration_file.h"

#include <fmt/format.h>

#include <system_error>

#include "base/error.h"
#include "base/file.h"

namespace memstack::config {

std::optional<std::string> ReadConfigurationFile(const std::filesystem::path& path,
                                                 const std::string& file_name) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  std::string text = ReadFile(path.string(), error);
  if (!error) return text;
  throw Error(ErrorCode::kConfiguration, fmt::format("cannot read {}", file_name))
      .At(path.string())
      .Hint("check that it is a file and that this user may read it");
}

}  // namespace memstack::config
