#include "binding/bind_config.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/connection_keywords.h"
#include "config/database_url.h"
#include "config/environment_scan.h"
#include "config/ini_file.h"
#include "config/loader.h"

namespace py = pybind11;

namespace memstack::binding {
namespace {

using config::DatabaseKind;
using config::DatabaseUrl;
using config::IniFile;
using config::ScanResult;
using config::ScriptPath;
using config::Settings;

using Variables = std::map<std::string, std::string>;

// `environment` None: the variables of this process.
config::EnvironmentLookup Lookup(std::optional<Variables> environment) {
  if (!environment) return config::ProcessEnvironment();
  return [variables = std::move(*environment)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

Settings LoadSettings(const std::string& working_directory, std::vector<std::string> config_files,
                      std::string ini_section, std::optional<std::string> url,
                      std::vector<std::string> x_arguments,
                      std::vector<std::pair<std::string, std::string>> main_options,
                      std::optional<Variables> environment) {
  return config::Load({.working_directory = working_directory,
                       .config_files = std::move(config_files),
                       .ini_section = std::move(ini_section),
                       .url = std::move(url),
                       .x_arguments = std::move(x_arguments),
                       .main_options = std::move(main_options),
                       .environment = Lookup(std::move(environment))});
}

void BindSettings(py::module_& module) {
  py::class_<ScriptPath>(module, "ScriptPath")
      .def_readonly("text", &ScriptPath::text)
      .def_property_readonly("path", [](const ScriptPath& self) { return self.path.string(); })
      .def_readonly("needs_python", &ScriptPath::needs_python);
  py::class_<Settings>(module, "Settings")
      .def_readonly("config_file_name", &Settings::config_file_name)
      .def_readonly("toml_file_name", &Settings::toml_file_name)
      .def_readonly("has_config_file", &Settings::has_config_file)
      .def_readonly("has_toml_table", &Settings::has_toml_table)
      .def_readonly("here", &Settings::here)
      .def_readonly("ini_section", &Settings::ini_section)
      .def_readonly("main_options", &Settings::main_options)
      .def_readonly("x_arguments", &Settings::x_arguments)
      .def_readonly("script_location", &Settings::script_location)
      .def_readonly("version_locations", &Settings::version_locations)
      .def_readonly("recursive_version_locations", &Settings::recursive_version_locations)
      .def_readonly("sourceless", &Settings::sourceless)
      .def_readonly("prepend_sys_path", &Settings::prepend_sys_path)
      .def_readonly("file_template", &Settings::file_template)
      .def_readonly("truncate_slug_length", &Settings::truncate_slug_length)
      .def_readonly("timezone", &Settings::timezone)
      .def_readonly("output_encoding", &Settings::output_encoding)
      .def_readonly("revision_environment", &Settings::revision_environment)
      .def_readonly("sqlalchemy_url", &Settings::sqlalchemy_url)
      .def_property_readonly(
          "url",
          [](const Settings& self) { return self.url ? std::optional(self.url->text()) : std::nullopt; })
      .def_property_readonly(
          "url_origin",
          [](const Settings& self) { return self.url ? std::optional(self.url->origin()) : std::nullopt; })
      .def_readonly("version_table", &Settings::version_table)
      .def_readonly("version_table_schema", &Settings::version_table_schema)
      .def_property_readonly("lock_timeout", [](const Settings& self) { return self.lock_timeout.count(); })
      .def_property_readonly("pooler",
                             [](const Settings& self) -> std::optional<std::string> {
                               if (self.pooler == config::Pooler::kUnspecified) return std::nullopt;
                               return self.pooler == config::Pooler::kSession ? "session" : "transaction";
                             })
      .def_readonly("uses_projects_driver", &Settings::uses_projects_driver);
  module.def("load_settings", &LoadSettings, py::arg("working_directory"), py::kw_only(),
             py::arg("config_files") = std::vector<std::string>(), py::arg("ini_section") = "alembic",
             py::arg("url") = py::none(), py::arg("x_arguments") = std::vector<std::string>(),
             py::arg("main_options") = std::vector<std::pair<std::string, std::string>>(),
             py::arg("environment") = py::none());
}

void BindParsers(py::module_& module) {
  py::class_<DatabaseUrl>(module, "DatabaseUrl")
      .def_static("parse", [](const std::string& text) { return DatabaseUrl::Parse(text); })
      .def_property_readonly("is_embedded",
                             [](const DatabaseUrl& self) { return self.kind() == DatabaseKind::kEmbedded; })
      .def_property_readonly("embedded_path", &DatabaseUrl::embedded_path)
      .def_property_readonly("driver", &DatabaseUrl::driver)
      .def_property_readonly("parameters", &DatabaseUrl::parameters)
      .def("redacted", &DatabaseUrl::Redacted);
  py::class_<IniFile>(module, "IniFile")
      .def_static("parse", [](const std::string& text, const std::string& file_name,
                              const std::string& here) { return IniFile::Parse(text, file_name, here); })
      .def("sections", &IniFile::sections)
      .def("own_options",
           [](const IniFile& self, const std::string& section) { return self.OwnOptions(section); })
      .def("has_option", [](const IniFile& self, const std::string& section,
                            const std::string& option) { return self.HasOption(section, option); })
      .def("get", [](const IniFile& self, const std::string& section,
                     const std::string& option) { return self.Get(section, option); })
      .def("set", [](IniFile& self, const std::string& section, const std::string& option,
                     std::string value) { self.Set(section, option, std::move(value)); });
  py::class_<ScanResult>(module, "ScanResult")
      .def_readonly("safe", &ScanResult::safe)
      .def_readonly("reason", &ScanResult::reason)
      .def_readonly("line", &ScanResult::line)
      .def_readonly("takes_address_from_config", &ScanResult::takes_address_from_config);
  module.def("is_libpq_keyword", &config::IsLibpqKeyword, py::arg("key"));
  module.def(
      "scan_environment", [](const std::string& source) { return config::ScanEnvironment(source); },
      py::arg("source"));
}

}  // namespace

void BindConfig(py::module_& module) {
  BindSettings(module);
  BindParsers(module);
}

}  // namespace memstack::binding
