#include "config/loader.h"

#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "config/alembic_options.h"
#include "config/engine_section.h"
#include "config/ini_file.h"
#include "config/pyproject_file.h"

namespace memstack::config {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUrlVariable = "MEMSTACK_MIGRATE_URL";
constexpr const char* kConfigVariable = "ALEMBIC_CONFIG";

std::optional<std::string> Variable(const LoadRequest& request, const std::string& name) {
  std::optional<std::string> value = request.environment ? request.environment(name) : std::nullopt;
  return value && !value->empty() ? value : std::nullopt;
}

// pathlib.Path(...).absolute(): '.' and doubled slashes go, '..' stays.
fs::path Absolute(const fs::path& working_directory, const fs::path& path) {
  fs::path out;
  for (const fs::path& part : working_directory / path) {
    if (!part.empty() && part != ".") out /= part;
  }
  return out;
}

struct FileNames {
  std::string ini = "alembic.ini";
  std::string toml = "pyproject.toml";
  // How the user named it; empty: it is the default, which need not exist.
  std::string ini_named_by;
  std::string toml_named_by;
};

bool IsPyproject(const std::string& name) {
  return fs::path(name).filename() == "pyproject.toml";
}

FileNames ChooseFiles(const LoadRequest& request) {
  FileNames names;
  if (const auto name = Variable(request, kConfigVariable)) {
    (IsPyproject(*name) ? names.toml : names.ini) = *name;
    (IsPyproject(*name) ? names.toml_named_by : names.ini_named_by) = kConfigVariable;
  }
  for (const std::string& name : request.config_files) {
    std::string& named_by = IsPyproject(name) ? names.toml_named_by : names.ini_named_by;
    if (named_by == "-c") {
      throw Error(ErrorCode::kUsage, IsPyproject(name) ? "-c names more than one pyproject.toml"
                                                       : "-c names more than one ini file")
          .Hint("give -c once, or once for an ini file and once for a pyproject.toml");
    }
    (IsPyproject(name) ? names.toml : names.ini) = name;
    named_by = "-c";
  }
  return names;
}

void RequireNamedFile(const fs::path& path, const std::string& named_by) {
  if (named_by.empty() || fs::exists(path)) return;
  throw Error(ErrorCode::kConfiguration,
              fmt::format("the configuration file named by {} does not exist", named_by))
      .At(path.string())
      .Hint("correct the path: a relative one is taken from the working directory");
}

// Both files, as far as they exist, with the request's overrides set.
struct Files {
  IniFile ini;
  std::optional<PyprojectFile> toml;
  bool has_ini = false;
};

Files ReadFiles(const LoadRequest& request, const FileNames& names) {
  const fs::path ini_path = Absolute(request.working_directory, names.ini);
  const fs::path toml_path = Absolute(request.working_directory, names.toml);
  RequireNamedFile(ini_path, names.ini_named_by);
  RequireNamedFile(toml_path, names.toml_named_by);
  std::optional<IniFile> ini = IniFile::Read(ini_path, names.ini, ini_path.parent_path().string());
  Files files{IniFile(names.ini, ini_path.parent_path().string()),
              PyprojectFile::Read(toml_path, names.toml, toml_path.parent_path().string()), ini.has_value()};
  if (ini) files.ini = std::move(*ini);
  for (const auto& [name, value] : request.main_options) files.ini.Set(request.ini_section, name, value);
  return files;
}

[[noreturn]] void RefuseNoConfiguration(const LoadRequest& request, const FileNames& names) {
  const auto shown = [&](const std::string& name) {
    return Absolute(request.working_directory, name).string();
  };
  throw Error(ErrorCode::kConfiguration,
              fmt::format("no Alembic configuration found: looked for {} and for [tool.alembic] in {}",
                          shown(names.ini), shown(names.toml)))
      .Hint("run it in the project's directory, or name the file: -c path/to/alembic.ini");
}

[[noreturn]] void RefuseNoScriptLocation(const LoadRequest& request, const Files& files) {
  if (files.has_ini && !files.ini.HasSection(request.ini_section)) {
    const std::vector<std::string> sections = files.ini.sections();
    const std::string& name = files.ini.file_name();
    throw Error(ErrorCode::kConfiguration, fmt::format("{} has no section [{}]", name, request.ini_section))
        .At(name)
        .Hint(name.ends_with(".toml")
                  ? "TOML is read, as by Alembic, only from a file that is named pyproject.toml"
                  : fmt::format("its sections are: {}; choose one with -n", fmt::join(sections, ", ")));
  }
  throw Error(ErrorCode::kConfiguration, "no 'script_location' in the configuration")
      .At(files.has_ini ? files.ini.file_name() : files.toml->file_name())
      .Hint("add for example: script_location = %(here)s/alembic");
}

ScriptPath ResolveScriptPath(const LoadRequest& request, std::string text) {
  ScriptPath location{std::move(text), {}, false};
  location.needs_python = !location.text.starts_with('/') && location.text.find(':') != std::string::npos;
  if (!location.needs_python) location.path = Absolute(request.working_directory, location.text);
  return location;
}

// Where revision files are by default.
ScriptPath VersionsIn(const ScriptPath& script_location) {
  if (script_location.needs_python) return ScriptPath{script_location.text + ":versions", {}, true};
  const fs::path path = script_location.path / "versions";
  return ScriptPath{path.string(), path, false};
}

void ReadAlembicOptions(const LoadRequest& request, const AlembicOptions& options, Settings& settings) {
  settings.script_location = ResolveScriptPath(request, *options.GetString("script_location"));
  const auto locations = options.GetVersionLocations();
  if (locations && !locations->empty()) {
    for (const std::string& text : *locations)
      settings.version_locations.push_back(ResolveScriptPath(request, text));
  } else {
    settings.version_locations.push_back(VersionsIn(settings.script_location));
  }
  settings.recursive_version_locations = options.GetBoolean("recursive_version_locations");
  settings.sourceless = options.GetBoolean("sourceless");
  settings.prepend_sys_path = options.GetPrependSysPath().value_or(std::vector<std::string>());
  settings.file_template = options.GetString("file_template").value_or(settings.file_template);
  // 0 means the default, as under Alembic.
  const int length = options.GetInteger("truncate_slug_length").value_or(0);
  if (length != 0) settings.truncate_slug_length = length;
  settings.timezone = options.GetString("timezone");
  settings.output_encoding = options.GetString("output_encoding").value_or(settings.output_encoding);
  settings.revision_environment = options.GetBoolean("revision_environment");
}

// Python also takes a compiled env.py (Alembic's load_python_file).
bool HasEnvironmentFile(const fs::path& directory) {
  std::error_code ignored;
  if (fs::exists(directory / "env.py", ignored) || fs::exists(directory / "env.pyc", ignored)) return true;
  for (const auto& entry : fs::directory_iterator(directory / "__pycache__", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("env.") && name.ends_with(".pyc")) return true;
  }
  return false;
}

void CheckScripts(const Settings& settings) {
  if (settings.script_location.needs_python) return;  // the Python side checks it once it has the path
  const fs::path& directory = settings.script_location.path;
  const std::string file = settings.has_config_file ? settings.config_file_name : settings.toml_file_name;
  const auto refuse = [&](std::string_view what, std::string hint) {
    throw Error(ErrorCode::kConfiguration, fmt::format("script_location {}: {}", what, directory.string()))
        .At(file)
        .Hint(std::move(hint));
  };
  std::error_code ignored;
  if (!fs::exists(directory, ignored)) {
    refuse("does not exist",
           "correct it, or make it with `alembic init`; a relative path is taken from the working directory, "
           "%(here)s/... from the file's");
  }
  if (!fs::is_directory(directory, ignored))
    refuse("is not a directory", "make it the directory that holds env.py");
  if (!HasEnvironmentFile(directory)) refuse("holds no env.py", "make it the directory that holds env.py");
  const auto may_exist = [&](const ScriptPath& path) {
    return path.needs_python || fs::is_directory(path.path, ignored);
  };
  const auto& locations = settings.version_locations;
  if (std::none_of(locations.begin(), locations.end(), may_exist)) {
    throw Error(ErrorCode::kConfiguration, fmt::format("no directory with revision files: {} does not exist",
                                                       locations.front().path.string()))
        .At(file)
        .Hint("make the directory, or set version_locations");
  }
}

}  // namespace

Settings Load(const LoadRequest& request) {
  const FileNames names = ChooseFiles(request);
  const Files files = ReadFiles(request, names);
  const PyprojectFile* toml = files.toml ? &*files.toml : nullptr;
  Settings settings;
  settings.config_file_name = names.ini;
  settings.toml_file_name = names.toml;
  settings.has_config_file = files.has_ini;
  settings.has_toml_table = toml != nullptr && toml->HasTable(TomlTable::kAlembic);
  const std::string& main_file = files.has_ini || !settings.has_toml_table ? names.ini : names.toml;
  settings.here = Absolute(request.working_directory, main_file).parent_path().string();
  settings.ini_section = request.ini_section;
  settings.main_options = request.main_options;
  settings.x_arguments = request.x_arguments;
  settings.has_attributes = request.has_attributes;
  const AlembicOptions options(files.ini, request.ini_section, toml);
  if (!options.GetString("script_location")) {
    if (!settings.has_config_file && !settings.has_toml_table) RefuseNoConfiguration(request, names);
    RefuseNoScriptLocation(request, files);
  }
  ReadAlembicOptions(request, options, settings);
  settings.sqlalchemy_url = files.ini.Raw(request.ini_section, "sqlalchemy.url");
  ReadEngineSection(files.ini, toml, request.environment, settings);
  if (request.url) {
    if (!request.url->empty()) settings.url = UrlSetting(UrlSource::kArgument, "--url", *request.url);
  } else if (auto url = Variable(request, kUrlVariable)) {
    settings.url = UrlSetting(UrlSource::kEnvironment, kUrlVariable, std::move(*url));
  }
  CheckScripts(settings);
  return settings;
}

EnvironmentLookup ProcessEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

std::vector<std::pair<std::string, std::string>> ProcessVariables() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace memstack::config
