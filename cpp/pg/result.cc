#include "pg/result.h"

#include <charconv>
#include <utility>

namespace memstack::pg {

Result::Result(ResultHandle handle) : handle_(std::move(handle)) {}

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
  const char* text = PQcmdTuples(handle_.get());
  int64_t count = 0;
  const std::string_view digits = text == nullptr ? std::string_view() : std::string_view(text);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (digits.empty() || error != std::errc()) return std::nullopt;
  return count;
}

}  // namespace memstack::pg
