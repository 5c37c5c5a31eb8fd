// The table of contents of memstack_migrate._engine: each bind_<noun>.cc adds its names. No logic here.
#include <pybind11/pybind11.h>

#include "binding/bind_commands.h"
#include "binding/bind_config.h"
#include "binding/bind_connection.h"
#include "binding/bind_ddl.h"
#include "binding/bind_error.h"
#include "binding/bind_log.h"
#include "binding/bind_result.h"
#include "binding/bind_revision.h"
#include "binding/bind_statement_sink.h"

PYBIND11_MODULE(_engine, module) {
  module.doc() = "The C++ engine of memstack-migrate. Private: use the memstack_migrate package.";
  module.attr("__version__") = MEMSTACK_VERSION;  // compared by the native program before it hands over
  memstack::binding::BindError(module);
  memstack::binding::BindResult(module);
  memstack::binding::BindConnection(module);
  memstack::binding::BindRevision(module);
  memstack::binding::BindConfig(module);
  memstack::binding::BindDdl(module);
  memstack::binding::BindStatementSink(module);
  memstack::binding::BindLog(module);
  memstack::binding::BindCommands(module);
  memstack::binding::BindCommandLine(module);
}
