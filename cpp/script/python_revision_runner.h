// Runs revision files in the Python interpreter.
#pragma once

#include <pybind11/pybind11.h>

#include <functional>
#include <memory>

#include "base/error.h"
#include "migrate/revision_runner.h"
#include "migrate/statement_sink.h"

namespace memstack::script {

// Over memstack_migrate.revision_runner.RevisionRunner. Takes the GIL itself, also in its destructor. One
// thread at a time.
class PythonRevisionRunner final : public migrate::RevisionRunner {
 public:
  // Told of each exception of a revision, with the GIL held, before it goes on through env.py.
  using FailureHandler = std::function<void(const pybind11::error_already_set&, Error)>;

  // `context` is the environment's MigrationContext; `arguments` those of run_migrations(**kw). REQUIRES: the
  // GIL.
  PythonRevisionRunner(const pybind11::object& context, const pybind11::dict& arguments,
                       const std::shared_ptr<migrate::StatementSink>& sink, FailureHandler on_failure);
  ~PythonRevisionRunner() override;

  void Load(const revision::Step& step) override;
  void Run(const revision::Step& step, migrate::OperationCounts& counts) override;
  bool CreateVersionTable() override;
  void VersionApplied(const revision::Step& step, const std::vector<std::string>& heads) override;

 private:
  void TakeCounts(migrate::OperationCounts& counts);

  pybind11::object context_;
  pybind11::object runner_;
  pybind11::object sink_;
  const FailureHandler on_failure_;
};

}  // namespace memstack::script
