// create_table, drop_table, rename_table, and comments.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "ddl/clauses.h"

namespace memstack::ddl {
namespace {

// What stands between the parentheses, one element a line.
std::string RenderBody(const CreateTable& op, const CompileOptions& options) {
  std::vector<std::string> elements;
  elements.reserve(op.columns.size());
  for (const Column& column : op.columns)
    elements.push_back(RenderColumn(column, options) + RenderColumnConstraints(column));
  std::vector<std::string> constraints;
  constraints.reserve(op.constraints.size());
  for (const Constraint& constraint : op.constraints) constraints.push_back(RenderConstraint(constraint));
  // A constraint without columns is empty text, but keeps its line beside others.
  const std::string joined = fmt::format("{}", fmt::join(constraints, ", \n\t"));
  if (!joined.empty()) elements.push_back(joined);
  return elements.empty() ? "" : fmt::format("\n\t{}", fmt::join(elements, ", \n\t"));
}

std::string RenderTableOptions(const CreateTable& op) {
  std::string text;
  if (op.inherits) text += fmt::format("\n INHERITS ({})", sql::RenderList(*op.inherits));
  if (!op.partition_by.empty()) text += "\n PARTITION BY " + op.partition_by;
  if (!op.access_method.empty()) text += "\n USING " + op.access_method;
  if (!op.with.empty()) text += fmt::format("\n WITH ({})", op.with);
  if (op.with_oids) text += *op.with_oids ? "\n WITH OIDS" : "\n WITHOUT OIDS";
  if (!op.on_commit.empty()) text += "\n ON COMMIT " + op.on_commit;
  if (op.tablespace) text += "\n TABLESPACE " + sql::Render(*op.tablespace);
  return text;
}

std::string RenderComment(const std::optional<std::string>& comment, const CompileOptions& options) {
  return comment ? sql::StringLiteral(*comment, options.backslash) : "NULL";
}

}  // namespace

void StatementWriter::operator()(const CreateTable& op) const {
  out.push_back({fmt::format("CREATE {}{}TABLE {}{} ({}\n){}", fmt::join(op.prefixes, " "),
                             op.prefixes.empty() ? "" : " ", op.if_not_exists ? "IF NOT EXISTS " : "",
                             sql::Render(op.table), RenderBody(op, options), RenderTableOptions(op))});
  for (const CreateIndex& index : op.indexes) (*this)(index);
  for (const TableComment& comment : op.table_comments) (*this)(comment);
  for (const ColumnComment& comment : op.column_comments) (*this)(comment);
}

void StatementWriter::operator()(const DropTable& op) const {
  out.push_back({fmt::format("DROP TABLE {}{}", op.if_exists ? "IF EXISTS " : "", sql::Render(op.table))});
}

void StatementWriter::operator()(const RenameTable& op) const {
  out.push_back(
      {fmt::format("ALTER TABLE {} RENAME TO {}", sql::Render(op.table), sql::Render(op.new_name))});
}

void StatementWriter::operator()(const TableComment& op) const {
  out.push_back(
      {fmt::format("COMMENT ON TABLE {} IS {}", sql::Render(op.table), RenderComment(op.comment, options))});
}

void StatementWriter::operator()(const ColumnComment& op) const {
  out.push_back({fmt::format("COMMENT ON COLUMN {} IS {}", sql::Render(op.column),
                             RenderComment(op.comment, options))});
}

}  // namespace memstack::ddl
