// bulk_insert.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ddl/clauses.h"

namespace memstack::ddl {
namespace {

// As many as SQLAlchemy puts into one statement (insertmanyvalues_page_size).
constexpr size_t kRowsPerStatement = 1000;

}  // namespace

void StatementWriter::operator()(const BulkInsert& op) const {
  const std::string head =
      fmt::format("INSERT INTO {} ({}) VALUES ", sql::Render(op.table), sql::RenderList(op.columns));
  for (size_t begin = 0; begin < op.rows.size(); begin += kRowsPerStatement) {
    const size_t end = std::min(begin + kRowsPerStatement, op.rows.size());
    std::string text = head;
    for (size_t row = begin; row < end; ++row) {
      text += fmt::format("{}({})", row == begin ? "" : ", ", fmt::join(op.rows[row], ", "));
    }
    out.push_back({std::move(text)});
  }
}

}  // namespace memstack::ddl
