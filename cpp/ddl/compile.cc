#include "ddl/compile.h"

#include "ddl/clauses.h"

namespace memstack::ddl {

std::vector<Statement> Compile(const Op& op, const CompileOptions& options) {
  std::vector<Statement> statements;
  std::visit(StatementWriter{options, statements}, op);
  return statements;
}

void StatementWriter::operator()(const ExecuteSql& op) const {
  out.push_back({op.sql});
}

}  // namespace memstack::ddl
