// Constraints, inside CREATE TABLE and by ALTER TABLE.
#include <fmt/format.h>

#include "ddl/clauses.h"

namespace memstack::ddl {
namespace {

std::string Preamble(const std::optional<sql::Identifier>& name) {
  return name ? "CONSTRAINT " + sql::Render(*name) + " " : "";
}

std::string RenderDeferral(const Deferral& deferral) {
  std::string text;
  if (deferral.deferrable) text += *deferral.deferrable ? " DEFERRABLE" : " NOT DEFERRABLE";
  if (deferral.initially) text += " INITIALLY " + *deferral.initially;
  return text;
}

std::string RenderInclude(const std::vector<sql::Identifier>& columns) {
  return columns.empty() ? "" : fmt::format(" INCLUDE ({})", sql::RenderList(columns));
}

struct ConstraintWriter {
  std::string operator()(const PrimaryKey& key) const {
    return fmt::format("{}PRIMARY KEY ({}){}{}", Preamble(key.name), sql::RenderList(key.columns),
                       RenderInclude(key.include), RenderDeferral(key.deferral));
  }

  std::string operator()(const Unique& unique) const {
    if (unique.columns.empty()) return "";
    std::string_view nulls;
    if (unique.nulls_not_distinct)
      nulls = *unique.nulls_not_distinct ? "NULLS NOT DISTINCT " : "NULLS DISTINCT ";
    return fmt::format("{}UNIQUE {}({}){}{}", Preamble(unique.name), nulls, sql::RenderList(unique.columns),
                       RenderInclude(unique.include), RenderDeferral(unique.deferral));
  }

  std::string operator()(const ForeignKey& key) const {
    return fmt::format("{}FOREIGN KEY({}) REFERENCES {} ({}){}{}", Preamble(key.name),
                       sql::RenderList(key.columns), sql::Render(key.referent),
                       sql::RenderList(key.referent_columns), RenderForeignKeyActions(key),
                       key.not_valid ? " NOT VALID" : "");
  }

  std::string operator()(const Check& check) const {
    return fmt::format("{}CHECK ({}){}{}", Preamble(check.name), check.condition,
                       RenderDeferral(check.deferral), check.not_valid ? " NOT VALID" : "");
  }

  std::string operator()(const Exclude& exclude) const {
    std::string elements;
    for (const Exclude::Element& element : exclude.elements) {
      if (!elements.empty()) elements += ", ";
      elements += element.expression + " WITH " + element.operator_text;
    }
    return fmt::format("{}EXCLUDE USING {} ({}){}{}", Preamble(exclude.name), exclude.method, elements,
                       exclude.where ? fmt::format(" WHERE ({})", *exclude.where) : std::string(),
                       RenderDeferral(exclude.deferral));
  }
};

}  // namespace

std::string RenderForeignKeyActions(const ForeignKey& key) {
  std::string text;
  if (key.match) text += " MATCH " + *key.match;
  if (key.on_delete) text += " ON DELETE " + *key.on_delete;
  if (key.on_update) text += " ON UPDATE " + *key.on_update;
  return text + RenderDeferral(key.deferral);
}

std::string RenderConstraint(const Constraint& constraint) {
  return std::visit(ConstraintWriter{}, constraint);
}

void StatementWriter::operator()(const AddConstraint& op) const {
  out.push_back(
      {fmt::format("ALTER TABLE {} ADD {}", sql::Render(op.table), RenderConstraint(op.constraint))});
}

void StatementWriter::operator()(const DropConstraint& op) const {
  out.push_back({fmt::format("ALTER TABLE {} DROP CONSTRAINT {}{}", sql::Render(op.table),
                             op.if_exists ? "IF EXISTS " : "", sql::Render(op.name))});
}

}  // namespace memstack::ddl
