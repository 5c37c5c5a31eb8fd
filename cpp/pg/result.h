// What a statement gave back: rows of text values, or the number of rows it changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/libpq_handle.h"

namespace memstack::pg {

// One column of a result, as the server described it.
struct Column {
  std::string name;
  uint32_t type_oid = 0;
  int type_modifier = -1;
  int size = -1;  // bytes; negative: variable
};

// Owns one PGresult. Move-only; one thread at a time. Views it gives out live as long as it does.
class Result {
 public:
  using Row = std::vector<std::optional<std::string>>;

  Result() = default;
  explicit Result(ResultHandle handle);
  // What another driver fetched: values in PostgreSQL's text format, without types and tag. Without columns
  // it has no rows.
  static Result Fetched(const std::vector<std::string>& columns, const std::vector<Row>& rows,
                        std::optional<int64_t> affected_rows);

  // True for SELECT, RETURNING, SHOW, ... even with no row.
  bool has_rows() const;
  int row_count() const;
  int column_count() const;
  Column column(int index) const;

  // The value in PostgreSQL's text format, in UTF-8; nothing for NULL. REQUIRES: both indices in range.
  std::optional<std::string_view> value(int row, int column) const;

  // "INSERT 0 3", "CREATE TABLE", ...; "" for an empty statement.
  std::string_view command_tag() const;
  // Rows that the statement inserted, changed, deleted or selected; nothing where the tag has no number.
  std::optional<int64_t> affected_rows() const;

 private:
  ResultHandle handle_;
  std::optional<int64_t> affected_rows_;  // where no tag tells
};

}  // namespace memstack::pg
