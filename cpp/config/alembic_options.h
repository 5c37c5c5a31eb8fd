// One view of the options of alembic.ini and [tool.alembic], with Alembic's precedence between them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/ini_file.h"
#include "config/pyproject_file.h"

namespace memstack::config {

// Per option alembic.ini wins; pyproject.toml is asked only for what its section does not hold (Alembic's
// Config.get_alembic_option). REQUIRES: both outlive this. Failures are ErrorCode::kConfiguration.
class AlembicOptions {
 public:
  // `toml` may be null.
  AlembicOptions(const IniFile& ini, std::string ini_section, const PyprojectFile* toml)
      : ini_(ini), section_(std::move(ini_section)), toml_(toml) {}

  std::optional<std::string> GetString(std::string_view name) const;
  // Absent: false. In the ini file only "true" is true and anything else is false.
  bool GetBoolean(std::string_view name) const;
  std::optional<int> GetInteger(std::string_view name) const;

  // nullopt: not configured, or empty in the ini file and not in TOML.
  std::optional<std::vector<std::string>> GetVersionLocations() const;
  std::optional<std::vector<std::string>> GetPrependSysPath() const;

 private:
  std::optional<std::string> Separator(std::string_view name) const;
  Error Failure(std::string_view name, const std::string& message) const;

  const IniFile& ini_;
  std::string section_;
  const PyprojectFile* toml_;
};

}  // namespace memstack::config
