// _engine.StatementSink: where memstack_migrate.statement_sink gives the statements of native operations.
#pragma once

#include <pybind11/pybind11.h>

namespace memstack::binding {

void BindStatementSink(pybind11::module_& module);

}  // namespace memstack::binding
