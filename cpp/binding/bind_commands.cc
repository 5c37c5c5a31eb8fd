#include "binding/bind_commands.h"

#include <pybind11/stl.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "binding/bind_connection.h"
#include "binding/bind_error.h"
#include "config/loader.h"
#include "migrate/commands.h"
#include "script/python_host.h"

namespace py = pybind11;

namespace memstack::binding {
namespace {

// One call of the API: the request's settings, with the interpreter that we were called from.
class ApiCall {
 public:
  explicit ApiCall(const py::dict& request)
      : settings_(Load(request)),
        host_(settings_, script::PythonHostOptions{.command_line = std::nullopt,
                                                   .attributes = request["attributes"].cast<py::dict>(),
                                                   .library_mode = true,
                                                   .connection_of = &ConnectionOf}) {
    options_.lock.timeout = settings_.lock_timeout;
    if (!request["lock_timeout"].is_none()) {
      options_.lock.timeout =
          std::chrono::milliseconds(static_cast<int64_t>(request["lock_timeout"].cast<double>() * 1000));
    }
  }

  migrate::CommandOptions& options() { return options_; }

  // Calls `command` without the GIL. An engine's error carries the Python exception behind it as its cause.
  template <typename Command>
  std::string Run(Command command) {
    try {
      const py::gil_scoped_release release;
      return command(LoadProject(), host_);
    } catch (const Error& error) {
      // Ctrl-C is not an error that `except Exception` may catch.
      if (error.code() == ErrorCode::kInterrupted && !host_.last_exception().is_none())
        RaiseAgain(host_.last_exception());
      RaiseFrom(error, host_.last_exception());
    }
  }

 private:
  static config::Settings Load(const py::dict& request) {
    config::LoadRequest load;
    load.working_directory = std::filesystem::current_path();
    load.config_files = request["config_files"].cast<std::vector<std::string>>();
    load.ini_section = request["section"].cast<std::string>();
    const auto url = request["url"].cast<std::string>();
    if (!url.empty()) load.url = url;
    load.x_arguments = request["x_arguments"].cast<std::vector<std::string>>();
    load.has_attributes = !request["attributes"].cast<py::dict>().empty();
    for (const auto& [name, value] : request["main_options"].cast<py::dict>()) {
      load.main_options.emplace_back(py::str(name), py::str(value));
    }
    load.environment = config::ProcessEnvironment();
    return config::Load(load);
  }

  migrate::Project LoadProject() { return migrate::LoadProject(settings_, host_); }

  const config::Settings settings_;
  script::PythonHost host_;
  migrate::CommandOptions options_;
};

std::string Upgrade(const py::dict& request, const std::string& target, const py::object& on_plan) {
  ApiCall call(request);
  if (!on_plan.is_none()) {
    call.options().on_plan = [&on_plan](const migrate::DatabaseRun& run) {
      const py::gil_scoped_acquire gil;
      on_plan(py::tuple(py::cast(run.heads_before)), run.steps.size());
    };
  }
  return call.Run([&](const migrate::Project& project, migrate::ScriptHost& host) {
    migrate::RunReport report;
    migrate::Upgrade(project, host, target, call.options(), report);
    return migrate::ToJson(report);
  });
}

std::string Downgrade(const py::dict& request, const std::string& target) {
  ApiCall call(request);
  return call.Run([&](const migrate::Project& project, migrate::ScriptHost& host) {
    migrate::RunReport report;
    migrate::Downgrade(project, host, target, call.options(), report);
    return migrate::ToJson(report);
  });
}

std::string Stamp(const py::dict& request, const std::vector<std::string>& targets, bool purge) {
  ApiCall call(request);
  call.options().purge = purge;
  return call.Run([&](const migrate::Project& project, migrate::ScriptHost& host) {
    migrate::RunReport report;
    migrate::Stamp(project, host, targets, call.options(), report);
    return migrate::ToJson(report);
  });
}

std::string Status(const py::dict& request) {
  ApiCall call(request);
  return call.Run([](const migrate::Project& project, migrate::ScriptHost& host) {
    return migrate::ToJson(migrate::Status(project, host));
  });
}

std::vector<std::string> Heads(const py::dict& request) {
  ApiCall call(request);
  std::vector<std::string> heads;
  call.Run([&heads](const migrate::Project& project, migrate::ScriptHost&) {
    heads = migrate::HeadIds(project.history.graph());
    return std::string();
  });
  return heads;
}

}  // namespace

void BindCommands(py::module_& module) {
  module.def("upgrade", &Upgrade, py::arg("request"), py::arg("revision"), py::arg("on_plan"));
  module.def("downgrade", &Downgrade, py::arg("request"), py::arg("revision"));
  module.def("stamp", &Stamp, py::arg("request"), py::arg("revisions"), py::arg("purge"));
  module.def("status", &Status, py::arg("request"));
  module.def("heads", &Heads, py::arg("request"));
}

}  // namespace memstack::binding
