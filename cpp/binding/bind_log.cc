#include "binding/bind_log.h"

#include <cstdio>
#include <string>

#include "base/log.h"

namespace py = pybind11;

namespace memstack::binding {
namespace {

// The numbers of Python's logging.
int PythonLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return 10;
    case LogLevel::kInfo:
      return 20;
    case LogLevel::kWarning:
      return 30;
    case LogLevel::kError:
      return 40;
  }
  return 40;
}

void LogToPython(LogLevel level, std::string_view logger, std::string_view message) {
  const py::gil_scoped_acquire gil;
  try {
    const py::object target =
        py::module_::import("logging").attr("getLogger")(py::str(logger.data(), logger.size()));
    // fileConfig() in env.py disables every logger that was there before it; ours have more to say.
    target.attr("disabled") = false;
    target.attr("log")(PythonLevel(level), "%s", py::str(message.data(), message.size()));
  } catch (const py::error_already_set& error) {
    std::fprintf(stderr, "%.*s\n(logging failed: %s)\n", static_cast<int>(message.size()), message.data(),
                 error.what());
  }
}

}  // namespace

void BindLog(py::module_&) {
  SetLogSink(&LogToPython);
  // A log line after the interpreter has gone must not look for the GIL.
  py::module_::import("atexit").attr("register")(py::cpp_function([] { SetLogSink(nullptr); }));
}

}  // namespace memstack::binding
