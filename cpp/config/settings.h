// Everything that alembic.ini, pyproject.toml, the command line and the environment say, in one value.
//
// Public: the rest of the engine and the Python side read this and nothing else of config/. It is made by
// config/loader.h. Names and defaults are Alembic's where Alembic has the setting.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/url_setting.h"

namespace memstack::config {

// A directory of the user's scripts.
struct ScriptPath {
  std::string text;  // as configured, %(here)s resolved
  std::filesystem::path
      path;  // absolute (a relative one is taken from the working directory, as under Alembic)
  // True for "package:directory", which only Python's importlib.resources can find; `path` is then empty.
  bool needs_python = false;
};

// What kind of pool stands between us and the server; decides which lock is safe.
enum class Pooler { kUnspecified, kSession, kTransaction };

// Immutable once loaded; share freely.
struct Settings {
  // -- The files
  // As Alembic's Config.config_file_name and Config.toml_file_name: the name as given or the default, not
  // made absolute, and not necessarily of a file that exists.
  std::string config_file_name = "alembic.ini";
  std::string toml_file_name = "pyproject.toml";
  bool has_config_file = false;  // config_file_name exists
  bool has_toml_table = false;   // toml_file_name exists and holds [tool.alembic]
  // Directory of the file in use (alembic.ini if there is one): what %(here)s means in it.
  std::string here;
  std::string ini_section = "alembic";  // -n
  // Set over the file, in order: Alembic's Config.set_main_option.
  std::vector<std::pair<std::string, std::string>> main_options;
  std::vector<std::string> x_arguments;  // -x, as typed
  bool has_attributes = false;           // env.py gets objects by Config.attributes

  // -- The scripts
  ScriptPath script_location;
  // Where revision files are, in order. Default: `versions` in script_location.
  std::vector<ScriptPath> version_locations;
  bool recursive_version_locations = false;
  bool sourceless = false;                    // .pyc files count as revisions
  std::vector<std::string> prepend_sys_path;  // put in front of sys.path in this order, as written

  // -- New revision files
  std::string file_template = "%(rev)s_%(slug)s";
  int truncate_slug_length = 40;  // characters
  std::optional<std::string> timezone;
  std::string output_encoding = "utf-8";
  bool revision_environment = false;  // `revision` runs env.py, too

  // -- The database
  // `sqlalchemy.url` of the ini section, without interpolation: often a placeholder, and env.py may override
  // it.
  std::optional<std::string> sqlalchemy_url;
  // Where the database is, known without env.py; nullopt: only env.py knows.
  std::optional<UrlSetting> url;
  // Set: the user vouches that env.py uses this version table (and this schema, or none).
  std::optional<std::string> version_table;         // effective default: alembic_version
  std::optional<std::string> version_table_schema;  // effective default: the search path's first schema
  std::chrono::seconds lock_timeout{300};           // how long to wait for another run; 0: do not wait
  Pooler pooler = Pooler::kUnspecified;
  bool uses_projects_driver = false;  // engines that env.py makes connect by the driver that their URLs name
};

}  // namespace memstack::config
