// Statements with their values in them, for drivers that each write placeholders in their own way.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace memstack::sql {

// `sql` with a literal for each of its parameters $1, $2, ...; nothing: NULL. As bound values in text format,
// the literals have no type but the one that their place gives them. REQUIRES: `sql` has no parameter beyond
// `values`.
[[nodiscard]] std::string WithLiterals(std::string_view sql,
                                       std::span<const std::optional<std::string>> values);

}  // namespace memstack::sql
