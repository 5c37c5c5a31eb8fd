#include "sql/literal.h"

namespace memstack::sql {

std::string StringLiteral(std::string_view value, Backslash backslash) {
  std::string literal = "'";
  for (const char c : value) {
    if (c == '\'' || (c == '\\' && backslash == Backslash::kEscape)) literal += c;
    literal += c;
  }
  return literal + "'";
}

std::string PortableLiteral(std::string_view value) {
  if (value.find('\\') == std::string_view::npos) return StringLiteral(value);
  return "E" + StringLiteral(value, Backslash::kEscape);
}

}  // namespace memstack::sql
