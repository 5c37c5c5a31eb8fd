#include "sql/bound_text.h"

#include <charconv>

#include "sql/lexer.h"
#include "sql/literal.h"

namespace memstack::sql {

std::string WithLiterals(std::string_view sql, std::span<const std::optional<std::string>> values) {
  std::string out;
  size_t copied = 0;
  Lexer lexer(sql);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (token.kind != TokenKind::kParameter) continue;
    size_t number = 0;
    std::from_chars(sql.data() + token.begin + 1, sql.data() + token.end, number);
    const std::optional<std::string>& value = values[number - 1];
    out += sql.substr(copied, token.begin - copied);
    out += value ? PortableLiteral(*value) : "NULL";
    copied = token.end;
  }
  return out.append(sql.substr(copied));
}

}  // namespace memstack::sql
