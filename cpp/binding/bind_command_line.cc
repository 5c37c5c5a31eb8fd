#include <pybind11/stl.h>

#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "binding/bind_commands.h"
#include "binding/bind_connection.h"
#include "cli/run.h"
#include "script/python_host.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace memstack::binding {
namespace {

constexpr const char* kProgram = "memstack-migrate";

// A script host that is made and destroyed on threads that need not hold the GIL.
class CommandScriptHost final : public migrate::ScriptHost {
 public:
  CommandScriptHost(const config::Settings& settings, const cli::Invocation& invocation,
                    py::object& last_exception)
      : last_exception_(last_exception) {
    const py::gil_scoped_acquire gil;
    host_ = std::make_unique<script::PythonHost>(
        settings, script::PythonHostOptions{.command_line = invocation.alembic_arguments,
                                            .attributes = py::dict(),
                                            .library_mode = false,
                                            .connection_of = &ConnectionOf});
  }
  ~CommandScriptHost() override {
    const py::gil_scoped_acquire gil;
    last_exception_ = host_->last_exception();
    host_.reset();
  }

  void RunEnvironment(const migrate::EnvironmentRequest& request,
                      const migrate::MigrateFunction& migrate) override {
    host_->RunEnvironment(request, migrate);
  }
  std::string WriteScript(const migrate::EnvironmentRequest& request,
                          const migrate::MigrateFunction& migrate) override {
    return host_->WriteScript(request, migrate);
  }
  revision::Header ImportHeader(const std::string& file) override { return host_->ImportHeader(file); }
  Error ErrorOf(const std::exception_ptr& exception) override { return host_->ErrorOf(exception); }
  std::string LocateScripts(const std::string& text) override { return host_->LocateScripts(text); }
  std::string StartEmbedded(const std::string& url) override { return host_->StartEmbedded(url); }

 private:
  std::unique_ptr<script::PythonHost> host_;
  py::object& last_exception_;
};

class PythonCommandHost final : public cli::Host {
 public:
  std::unique_ptr<migrate::ScriptHost> MakeScriptHost(const config::Settings& settings,
                                                      const cli::Invocation& invocation) override {
    return std::make_unique<CommandScriptHost>(settings, invocation, last_exception_);
  }

  int RunAlembic(const cli::Invocation& invocation) override {
    const py::gil_scoped_acquire gil;
    return py::module_::import("memstack_migrate.alembic_command")
        .attr("run")(invocation.alembic_arguments, "url"_a = invocation.url.value_or(""),
                     "config_files"_a = invocation.config_files, "section"_a = invocation.section)
        .cast<int>();
  }

  int RunParity(const cli::Invocation& invocation) override {
    const py::gil_scoped_acquire gil;
    return py::module_::import("memstack_migrate.parity.command")
        .attr("run")("config_files"_a = invocation.config_files, "section"_a = invocation.section,
                     "x_arguments"_a = invocation.x_arguments, "url"_a = invocation.url.value_or(""),
                     "template"_a = invocation.template_database, "target"_a = invocation.targets.front(),
                     "json"_a = invocation.json, "quiet"_a = invocation.quiet)
        .cast<int>();
  }

  void PrintTraceback() override {
    const py::gil_scoped_acquire gil;
    if (!last_exception_ || last_exception_.is_none()) return;
    const py::object text =
        py::module_::import("memstack_migrate.failure").attr("user_traceback")(last_exception_);
    py::module_::import("sys").attr("stderr").attr("write")(text);
  }

  void FlushPython() override {
    const py::gil_scoped_acquire gil;
    const py::module_ sys = py::module_::import("sys");
    for (const char* name : {"stdout", "stderr"}) {
      if (!sys.attr(name).is_none()) sys.attr(name).attr("flush")();
    }
  }

  // Drops what Python objects it holds. REQUIRES: the GIL.
  void Clear() { last_exception_ = py::object(); }

 private:
  py::object last_exception_;
};

// While it lives, SIGTERM does what Ctrl-C does: the running statement is cancelled and its transaction
// rolled back, where the default would leave both to the server's time-outs. A handler that somebody has
// already set stays.
class TerminationAsInterrupt {
 public:
  // Not by way of SIGINT: a program that a shell started in the background ignores that one.
  TerminationAsInterrupt() : signals_(py::module_::import("_signal")) {
    if (!signals_.attr("getsignal")(SIGTERM).equal(signals_.attr("SIG_DFL"))) return;
    signals_.attr("signal")(SIGTERM, signals_.attr("default_int_handler"));
    is_ours_ = true;
  }
  TerminationAsInterrupt(const TerminationAsInterrupt&) = delete;
  TerminationAsInterrupt& operator=(const TerminationAsInterrupt&) = delete;
  ~TerminationAsInterrupt() {
    if (is_ours_) std::signal(SIGTERM, SIG_DFL);
  }

 private:
  py::module_ signals_;
  bool is_ours_ = false;
};

int Main(const std::vector<std::string>& arguments) {
  const TerminationAsInterrupt termination;
  PythonCommandHost host;
  int code = 0;
  {
    const py::gil_scoped_release release;
    code = cli::Run(kProgram, arguments, host);
  }
  host.Clear();
  return code;
}

}  // namespace

void BindCommandLine(py::module_& module) {
  module.def("main", &Main, py::arg("arguments"),
             "Run one command line; the arguments come without the program's name. Returns the exit code.");
}

}  // namespace memstack::binding
