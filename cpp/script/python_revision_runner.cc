#include "script/python_revision_runner.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <utility>

#include "script/python_failure.h"

namespace py = pybind11;

namespace memstack::script {
namespace {

const char* FunctionOf(const revision::Step& step) {
  return step.direction == revision::Direction::kUpgrade ? "upgrade" : "downgrade";
}

const std::string& FileOf(const revision::Step& step) {
  return step.revision->header.file;
}

}  // namespace

PythonRevisionRunner::PythonRevisionRunner(const py::object& context, const py::dict& arguments,
                                           const std::shared_ptr<migrate::StatementSink>& sink,
                                           FailureHandler on_failure)
    : context_(context),
      runner_(
          py::module_::import("memstack_migrate.revision_runner").attr("RevisionRunner")(context, arguments)),
      sink_(context.attr("statement_sink")),
      on_failure_(std::move(on_failure)) {
  sink_.attr("connect")(sink);
}

PythonRevisionRunner::~PythonRevisionRunner() {
  const py::gil_scoped_acquire gil;
  context_ = py::object();
  runner_ = py::object();
  sink_ = py::object();
}

void PythonRevisionRunner::Load(const revision::Step& step) {
  const py::gil_scoped_acquire gil;
  bool has_function = false;
  try {
    has_function = runner_.attr("load")(FileOf(step), FunctionOf(step)).cast<bool>();
  } catch (const py::error_already_set& exception) {
    Error error = DescribeException(exception, FileOf(step), ErrorCode::kRevisionFile);
    error.Revision(step.revision->id());
    on_failure_(exception, std::move(error));
    throw;
  }
  if (has_function) return;
  throw Error(ErrorCode::kRevisionFile,
              fmt::format("revision {} has no {}()", step.revision->id(), FunctionOf(step)))
      .At(FileOf(step))
      .Revision(step.revision->id())
      .Hint(fmt::format("write a def {}(): in it, with `pass` if nothing is to do", FunctionOf(step)));
}

void PythonRevisionRunner::Run(const revision::Step& step, migrate::OperationCounts& counts) {
  const py::gil_scoped_acquire gil;
  try {
    runner_.attr("run")(FileOf(step), FunctionOf(step));
    TakeCounts(counts);
  } catch (const py::error_already_set& exception) {
    Error error = DescribeException(exception, FileOf(step), ErrorCode::kRevisionFailed);
    error.Revision(step.revision->id());
    on_failure_(exception, std::move(error));
    throw;
  }
}

void PythonRevisionRunner::TakeCounts(migrate::OperationCounts& counts) {
  for (const py::handle entry : sink_.attr("take_counts")()) {
    const auto [name, native, reason] = entry.cast<std::tuple<std::string, bool, std::string>>();
    if (native) {
      ++counts.native[name];
    } else {
      ++counts.library[name];
      ++counts.library_reasons[fmt::format("{}: {}", name, reason)];
    }
  }
}

bool PythonRevisionRunner::CreateVersionTable() {
  const py::gil_scoped_acquire gil;
  try {
    return context_.attr("create_version_table")().cast<bool>();
  } catch (const py::error_already_set& exception) {
    Error error = DescribeException(exception, "env.py", ErrorCode::kEnvironment);
    on_failure_(exception, std::move(error));
    throw;
  }
}

void PythonRevisionRunner::VersionApplied(const revision::Step& step, const std::vector<std::string>& heads) {
  const py::gil_scoped_acquire gil;
  if (!runner_.attr("has_version_callbacks").cast<bool>()) return;
  py::dict fields;
  fields["is_upgrade"] = step.is_upgrade;
  fields["is_stamp"] = step.direction == revision::Direction::kStamp;
  fields["up_revisions"] = step.up_revisions;
  fields["down_revisions"] = step.down_revisions;
  try {
    runner_.attr("version_applied")(fields, heads);
  } catch (const py::error_already_set& exception) {
    Error error = DescribeException(exception, "env.py", ErrorCode::kEnvironment);
    on_failure_(exception, std::move(error));
    throw;
  }
}

}  // namespace memstack::script
