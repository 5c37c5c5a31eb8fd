#include "pg/result.h"

#include <charconv>
#include <new>
#include <utility>

namespace memstack::pg {

Result::Result(ResultHandle handle) : handle_(std::move(handle)) {}

Result Result::Fetched(const std::vector<std::string>& columns, const std::vector<Row>& rows,
                       std::optional<int64_t> affected_rows) {
  // Without a connection libpq makes a result that belongs to none.
  // https://www.postgresql.org/docs/current/libpq-misc.html#LIBPQ-PQMAKEEMPTYPGRESULT
  ResultHandle handle(PQmakeEmptyPGresult(nullptr, columns.empty() ? PGRES_COMMAND_OK : PGRES_TUPLES_OK));
  if (handle == nullptr) throw std::bad_alloc();
  std::vector<PGresAttDesc> descriptions;
  for (const std::string& name : columns) {
    PGresAttDesc description{};
    description.name =
        const_cast<char*>(name.c_str());  // NOLINT(cppcoreguidelines-pro-type-const-cast): copied
    description.typlen = -1;
    description.atttypmod = -1;
    descriptions.push_back(description);
  }
  bool is_made = descriptions.empty() || PQsetResultAttrs(handle.get(), static_cast<int>(descriptions.size()),
                                                          descriptions.data()) != 0;
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t column = 0; column < rows[row].size(); ++column) {
      const auto& value = rows[row][column];
      char* const text = value ? const_cast<char*>(value->data()) : nullptr;  // NOLINT: copied, likewise
      is_made = is_made && PQsetvalue(handle.get(), static_cast<int>(row), static_cast<int>(column), text,
                                      value ? static_cast<int>(value->size()) : -1) != 0;
    }
  }
  if (!is_made) throw std::bad_alloc();
  Result result(std::move(handle));
  result.affected_rows_ = affected_rows;
  return result;
}

bool Result::has_rows() const {
  return PQresultStatus(handle_.get()) == PGRES_TUPLES_OK;
}

int Result::row_count() const {
  return PQntuples(handle_.get());
}

int Result::column_count() const {
  return PQnfields(handle_.get());
}

Column Result::column(int index) const {
  const PGresult* result = handle_.get();
  return {.name = PQfname(result, index),
          .type_oid = PQftype(result, index),
          .type_modifier = PQfmod(result, index),
          .size = PQfsize(result, index)};
}

std::optional<std::string_view> Result::value(int row, int column) const {
  const PGresult* result = handle_.get();
  if (PQgetisnull(result, row, column)) return std::nullopt;
  return std::string_view(PQgetvalue(result, row, column),
                          static_cast<size_t>(PQgetlength(result, row, column)));
}

std::string_view Result::command_tag() const {
  // PQcmdStatus takes a non-const pointer and yet changes nothing.
  const char* tag = PQcmdStatus(handle_.get());
  return tag == nullptr ? std::string_view() : std::string_view(tag);
}

std::optional<int64_t> Result::affected_rows() const {
  if (affected_rows_) return affected_rows_;
  const char* text = PQcmdTuples(handle_.get());
  int64_t count = 0;
  const std::string_view digits = text == nullptr ? std::string_view() : std::string_view(text);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (digits.empty() || error != std::errc()) return std::nullopt;
  return count;
}

}  // namespace memstack::pg
