// The Python interpreter as the engine sees it: runs env.py and revision files.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "migrate/revision_runner.h"
#include "pg/connection.h"

namespace memstack::script {

// What Python is told of a run beside the settings.
struct PythonHostOptions {
  // The command line as Alembic's own parser would take it, for config.cmd_opts; nothing in library mode.
  std::optional<std::vector<std::string>> command_line;
  pybind11::dict attributes;  // config.attributes
  bool library_mode = false;  // leave the process as it was: sys.path, logging
  // The engine's connection inside an object of class _engine.Connection, which binding/ knows.
  std::function<std::shared_ptr<pg::Connection>(pybind11::handle)> connection_of;
};

// One per command; one thread at a time. Made and destroyed with the GIL held; its functions take the GIL
// themselves.
class PythonHost final : public migrate::ScriptHost {
 public:
  // `settings` must outlive the host.
  PythonHost(const config::Settings& settings, PythonHostOptions options);

  void RunEnvironment(const migrate::EnvironmentRequest& request,
                      const migrate::MigrateFunction& migrate) override;
  std::string WriteScript(const migrate::EnvironmentRequest& request,
                          const migrate::MigrateFunction& migrate) override;
  revision::Header ImportHeader(const std::string& file) override;
  Error ErrorOf(const std::exception_ptr& exception) override;
  std::string LocateScripts(const std::string& text) override;
  std::string StartEmbedded(const std::string& url) override;

  // The Python exception behind the last error that came out of here, or None.
  const pybind11::object& last_exception() const { return last_exception_; }

 private:
  struct Failure {
    pybind11::object exception;
    Error error;
  };

  migrate::MigrationCall MakeCall(const pybind11::object& context, const pybind11::dict& arguments);
  void Connect(migrate::MigrationCall& call, const pybind11::object& context) const;
  void Borrow(migrate::MigrationCall& call, const pybind11::object& context,
              const pybind11::object& borrowed) const;
  // `output`: the io.StringIO of a `--sql` run, else None.
  pybind11::object MakeRequest(const migrate::EnvironmentRequest& request,
                               const pybind11::object& output) const;
  // REQUIRES: the GIL.
  void Execute(const pybind11::object& request, const migrate::MigrateFunction& migrate);
  void RunMigrations(const migrate::MigrateFunction& migrate, const pybind11::object& context,
                     const pybind11::dict& arguments);
  void Remember(const pybind11::error_already_set& exception, Error error);
  // The error behind an exception that came out of env.py or went into it.
  Error ErrorFor(const pybind11::error_already_set& exception);

  const config::Settings& settings_;
  const PythonHostOptions options_;
  std::string embedded_url_;       // of the server that StartEmbedded started, as env.py is to have it
  std::vector<Failure> failures_;  // within context.run_migrations(), in order
  pybind11::object last_exception_ = pybind11::none();
};

}  // namespace memstack::script
