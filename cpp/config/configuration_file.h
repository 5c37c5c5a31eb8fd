// alembic.ini and pyproject.toml as text.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace memstack::config {

// nullopt: there is no such file. `file_name` is what messages call it.
// Throws Error(kConfiguration) if it cannot be read.
std::optional<std::string> ReadConfigurationFile(const std::filesystem::path& path,
                                                 const std::string& file_name);

}  // namespace memstack::config
