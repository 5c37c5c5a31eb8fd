// Finds the configuration as Alembic does, reads it, and checks that the scripts are where it says.
//
// Which files: those given by -c (one named pyproject.toml is TOML, any other is an ini file; at most one of
// each), then what ALEMBIC_CONFIG names, by the same rule, then alembic.ini and pyproject.toml in the working
// directory. Both are read, and per option alembic.ini wins.
//
// Where the database is, without env.py: --url, then MEMSTACK_MIGRATE_URL (if not empty), then `url` in
// [memstack_migrate] of alembic.ini, then in [tool.memstack_migrate] of pyproject.toml. Never sqlalchemy.url,
// which env.py is free to override.
//
// Stricter than Alembic, which goes on and fails later: a file that -c or ALEMBIC_CONFIG names has to exist,
// a missing env.py is an error here, and so are version locations of which none exists.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.h"
#include "config/url_setting.h"

namespace memstack::config {

struct LoadRequest {
  std::filesystem::path working_directory;  // REQUIRES: absolute
  std::vector<std::string> config_files;    // -c, as typed
  std::string ini_section = "alembic";      // -n; for the ini file only, as under Alembic
  std::optional<std::string> url;           // --url; "": left to env.py, whatever the settings say
  std::vector<std::string> x_arguments;     // -x
  bool has_attributes = false;              // env.py gets objects by Config.attributes
  // Alembic's Config.set_main_option, in order; with script_location among them no file is needed.
  std::vector<std::pair<std::string, std::string>> main_options;
  EnvironmentLookup environment;  // empty function: no variable is set
};

// Throws kConfiguration, or kUsage for contradicting -c. Reads files, changes nothing.
Settings Load(const LoadRequest& request);

// The variables of this process.
EnvironmentLookup ProcessEnvironment();
// All of them, by name.
std::vector<std::pair<std::string, std::string>> ProcessVariables();

}  // namespace memstack::config
