// What the server said, as the engine's own error.
#pragma once

#include <libpq-fe.h>

#include <string_view>

#include "base/error.h"

namespace memstack::pg {

// Every field of an error or a notice. REQUIRES: result is not null.
ServerDiagnostics DiagnosticsOf(const PGresult* result);

// kSql: the server refused `sql`.
Error RefusedStatement(const PGresult* result, std::string_view sql);

// A libpq message with its line breaks, tabs and runs of spaces made single spaces.
std::string OneLine(std::string_view message);

}  // namespace memstack::pg
