// Pieces of statements that several families share. Internal to ddl/.
#pragma once

#include <string>
#include <vector>

#include "ddl/compile.h"
#include "ddl/ops.h"

namespace memstack::ddl {

std::string RenderDefault(const Default& value, const CompileOptions& options);
std::string RenderIdentity(const Identity& identity);
// name TYPE DEFAULT ... NOT NULL, without the constraints written at the column.
std::string RenderColumn(const Column& column, const CompileOptions& options);
// The constraints written at the column, each with a blank before it.
std::string RenderColumnConstraints(const Column& column);

// CONSTRAINT name FOREIGN KEY(...) ...; "" for a UNIQUE without columns.
std::string RenderConstraint(const Constraint& constraint);
// MATCH, ON DELETE, ON UPDATE, DEFERRABLE, INITIALLY of a foreign key, each with a blank before it.
std::string RenderForeignKeyActions(const ForeignKey& key);

// The compilers of the families; each appends to `out`.
struct StatementWriter {
  const CompileOptions& options;
  std::vector<Statement>& out;

  void operator()(const CreateTable& op) const;
  void operator()(const DropTable& op) const;
  void operator()(const RenameTable& op) const;
  void operator()(const TableComment& op) const;
  void operator()(const ColumnComment& op) const;
  void operator()(const AddColumn& op) const;
  void operator()(const DropColumn& op) const;
  void operator()(const AlterColumn& op) const;
  void operator()(const CreateIndex& op) const;
  void operator()(const DropIndex& op) const;
  void operator()(const AddConstraint& op) const;
  void operator()(const DropConstraint& op) const;
  void operator()(const BulkInsert& op) const;
  void operator()(const ExecuteSql& op) const;
};

}  // namespace memstack::ddl
