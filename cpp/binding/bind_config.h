// Exposes config/ to Python: settings for the package, the parsers for tests that compare them with Python's.
#pragma once

#include <pybind11/pybind11.h>

namespace memstack::binding {

// Adds load_settings, Settings, ScriptPath, DatabaseUrl, IniFile and scan_environment.
void BindConfig(pybind11::module_& module);

}  // namespace memstack::binding
