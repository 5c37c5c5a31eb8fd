// create_index, drop_index.
#include <fmt/format.h>

#include "ddl/clauses.h"

namespace memstack::ddl {
namespace {

std::string RenderElements(const std::vector<CreateIndex::Element>& elements) {
  std::string text;
  for (const CreateIndex::Element& element : elements) {
    if (!text.empty()) text += ", ";
    text += element.expression;
    if (!element.operator_class.empty()) text += " " + element.operator_class;
  }
  return text;
}

}  // namespace

void StatementWriter::operator()(const CreateIndex& op) const {
  std::string text =
      fmt::format("CREATE {}INDEX {}{}{} ON {} {}({})", op.unique ? "UNIQUE " : "",
                  op.concurrently ? "CONCURRENTLY " : "", op.if_not_exists ? "IF NOT EXISTS " : "",
                  sql::Render(op.name), sql::Render(op.table),
                  op.method.empty() ? "" : "USING " + op.method + " ", RenderElements(op.elements));
  if (!op.include.empty()) text += fmt::format(" INCLUDE ({})", sql::RenderList(op.include));
  if (op.nulls_not_distinct) text += *op.nulls_not_distinct ? " NULLS NOT DISTINCT" : " NULLS DISTINCT";
  if (!op.with.empty()) text += fmt::format(" WITH ({})", op.with);
  if (op.tablespace) text += " TABLESPACE " + sql::Render(*op.tablespace);
  if (op.where) text += " WHERE " + *op.where;
  out.push_back({text, op.concurrently});
}

void StatementWriter::operator()(const DropIndex& op) const {
  out.push_back({fmt::format("DROP INDEX {}{}{}", op.concurrently ? "CONCURRENTLY " : "",
                             op.if_exists ? "IF EXISTS " : "", sql::Render(op.name)),
                 op.concurrently});
}

}  // namespace memstack::ddl
