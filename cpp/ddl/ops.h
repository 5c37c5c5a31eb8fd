// The directives of a revision as values, one struct each. They hold what is to be done, not how it is
// spelled: Compile() writes the SQL, and whoever wants the same change with fewer locks or in another order
// can look inside.
//
// All structs are plain values; share freely. What may be left out has an initializer. Texts called `sql` or
// `expression` are ready SQL, rendered by SQLAlchemy for what the engine does not model (server defaults,
// conditions, index expressions); names and string values are raw.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ddl/type.h"
#include "sql/quote.h"

namespace memstack::ddl {

struct SqlText {
  std::string sql = {};
};
struct StringValue {
  std::string value = {};
};
// What stands behind DEFAULT.
using Default = std::variant<SqlText, StringValue>;

// GENERATED ... AS IDENTITY (...). Options that are not set are left to the server.
struct Identity {
  bool always = false;
  // In SQLAlchemy's order: "INCREMENT BY 2", "START WITH 10", "NO CYCLE"
  std::vector<std::string> options = {};
};

// [NOT] DEFERRABLE, INITIALLY ...
struct Deferral {
  std::optional<bool> deferrable = {};
  std::optional<std::string> initially = {};
};

struct PrimaryKey {
  std::optional<sql::Identifier> name = {};
  std::vector<sql::Identifier> columns = {};
  std::vector<sql::Identifier> include = {};
  Deferral deferral = {};
};

struct Unique {
  std::optional<sql::Identifier> name = {};
  std::vector<sql::Identifier> columns = {};  // none: renders nothing, as in SQLAlchemy
  std::vector<sql::Identifier> include = {};
  std::optional<bool> nulls_not_distinct = {};
  Deferral deferral = {};
};

struct ForeignKey {
  std::optional<sql::Identifier> name = {};
  std::vector<sql::Identifier> columns = {};
  sql::QualifiedName referent;
  std::vector<sql::Identifier> referent_columns = {};
  std::optional<std::string> match = {};
  std::optional<std::string> on_delete = {};
  std::optional<std::string> on_update = {};
  Deferral deferral = {};
  bool not_valid = false;
};

struct Check {
  std::optional<sql::Identifier> name = {};
  std::string condition = {};
  Deferral deferral = {};
  bool not_valid = false;
};

struct Exclude {
  struct Element {
    std::string expression;  // with its operator class, if any
    std::string operator_text;
  };
  std::optional<sql::Identifier> name = {};
  std::string method = {};  // "gist"
  std::vector<Element> elements = {};
  std::optional<std::string> where = {};
  Deferral deferral = {};
};

using Constraint = std::variant<PrimaryKey, Unique, ForeignKey, Check, Exclude>;

struct Column {
  sql::Identifier name;
  Type type;
  std::optional<Default> server_default = {};
  std::optional<std::string> computed = {};  // GENERATED ALWAYS AS (...) STORED
  std::optional<Identity> identity = {};
  bool nullable = true;
  std::vector<Constraint> constraints = {};  // those written at the column
};

struct TableComment {
  sql::QualifiedName table;
  std::optional<std::string> comment = {};  // none: dropped
};

struct ColumnComment {
  sql::QualifiedName column;  // the table's name and the column's
  std::optional<std::string> comment = {};
};

struct CreateIndex {
  struct Element {
    std::string expression;
    std::string operator_class;  // "": the default one
  };
  sql::Identifier name;
  sql::QualifiedName table;
  std::vector<Element> elements = {};
  bool unique = false;
  bool concurrently = false;
  bool if_not_exists = false;
  std::string method = {};  // "": btree, unsaid
  std::vector<sql::Identifier> include = {};
  std::optional<bool> nulls_not_distinct = {};
  std::string with = {};  // storage parameters, "" for none
  std::optional<sql::Identifier> tablespace = {};
  std::optional<std::string> where = {};
};

struct DropIndex {
  sql::QualifiedName name;
  bool concurrently = false;
  bool if_exists = false;
};

struct AddConstraint {
  sql::QualifiedName table;
  Constraint constraint;
};

struct DropConstraint {
  sql::QualifiedName table;
  sql::Identifier name;
  bool if_exists = false;
};

struct CreateTable {
  sql::QualifiedName table;
  std::vector<std::string> prefixes = {};  // TEMPORARY, UNLOGGED
  bool if_not_exists = false;
  std::vector<Column> columns = {};
  std::vector<Constraint> constraints = {};
  // Behind the closing parenthesis, in this order.
  std::optional<std::vector<sql::Identifier>> inherits = {};
  std::string partition_by = {};
  std::string access_method = {};
  std::string with = {};
  std::optional<bool> with_oids = {};
  std::string on_commit = {};  // "DELETE ROWS"
  std::optional<sql::Identifier> tablespace = {};
  // Statements of their own, after the table.
  std::vector<CreateIndex> indexes = {};
  std::vector<TableComment> table_comments = {};  // one at most
  std::vector<ColumnComment> column_comments = {};
};

struct DropTable {
  sql::QualifiedName table;
  bool if_exists = false;
};

struct AddColumn {
  sql::QualifiedName table;
  Column column;
  bool if_not_exists = false;
  bool inline_primary_key = false;
  std::optional<ForeignKey> inline_references = {};
  // Statements of their own, after the column.
  std::vector<AddConstraint> constraints = {};
  std::vector<CreateIndex> indexes = {};
  std::vector<ColumnComment> comments = {};  // one at most
};

struct DropColumn {
  sql::QualifiedName table;
  sql::Identifier column;
  bool if_exists = false;
};

// What alter_column does with the default; the first alternative: nothing.
struct DropDefault {};
struct DropIdentity {};
struct AlterIdentity {
  std::vector<std::string> settings = {};  // each behind SET: "GENERATED ALWAYS", "INCREMENT BY 2"
};
using DefaultChange =
    std::variant<std::monostate, Default, DropDefault, Identity, AlterIdentity, DropIdentity>;

// Each change is a statement, in the order of the fields.
struct AlterColumn {
  sql::QualifiedName table;
  sql::Identifier column;
  std::vector<DropConstraint> dropped_constraints = {};  // those that the existing type brought along
  std::optional<Type> type = {};
  std::string type_using = {};  // the expression behind USING, "" for none
  std::optional<bool> nullable = {};
  DefaultChange server_default = {};
  std::optional<ColumnComment> comment = {};
  std::optional<sql::Identifier> new_name = {};
  std::vector<AddConstraint> added_constraints = {};  // those that the new type brings along
};

struct RenameTable {
  sql::QualifiedName table;
  sql::Identifier new_name;
};

// op.bulk_insert.
struct BulkInsert {
  sql::QualifiedName table;
  std::vector<sql::Identifier> columns;        // one at least
  std::vector<std::vector<std::string>> rows;  // each value as SQL, in the order of the columns
};

struct ExecuteSql {
  std::string sql = {};  // one statement or several, as the user wrote it
};

using Op = std::variant<CreateTable, DropTable, AddColumn, DropColumn, AlterColumn, CreateIndex, DropIndex,
                        AddConstraint, DropConstraint, RenameTable, TableComment, BulkInsert, ExecuteSql>;

}  // namespace memstack::ddl
