// From an operation to the statements that do it: the text that Alembic and SQLAlchemy's PostgreSQL dialect
// write, without the blanks round a statement. One compile_<family>.cc each.
#pragma once

#include <string>
#include <vector>

#include "ddl/ops.h"
#include "sql/literal.h"

namespace memstack::ddl {

struct Statement {
  std::string sql;
  bool needs_autocommit = false;  // refused by the server inside a transaction: CONCURRENTLY

  bool operator==(const Statement&) const = default;
};

struct CompileOptions {
  // How comments and string defaults write a backslash.
  sql::Backslash backslash = sql::Backslash::kPlain;
};

// In the order in which they must run. Never empty but for an alter_column that changes nothing.
[[nodiscard]] std::vector<Statement> Compile(const Op& op, const CompileOptions& options = {});

}  // namespace memstack::ddl
