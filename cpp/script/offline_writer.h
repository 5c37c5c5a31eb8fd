// The script of a `--sql` run, written where Alembic's own statements go.
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>

#include "migrate/revision_runner.h"

namespace memstack::script {

// Over a memstack_migrate.migration_context.MigrationContext, whose impl writes what goes through the alembic
// package to the same place. Takes the GIL itself, also in its destructor. One thread at a time.
class OfflineWriter final : public migrate::ScriptWriter {
 public:
  // REQUIRES: the GIL.
  explicit OfflineWriter(pybind11::object context) : context_(std::move(context)) {}
  ~OfflineWriter() override;

  void BeginStep() override;
  void EndStep() override;
  void Comment(std::string_view text) override;
  void Statement(std::string_view sql) override;

 private:
  pybind11::object context_;
};

}  // namespace memstack::script
