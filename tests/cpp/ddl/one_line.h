// One operation in, its SQL out on one line: what most tests of ddl/ compare.
#pragma once

#include <string>

#include "ddl/compile.h"

namespace memstack::ddl {

// The statements joined by "; ", line breaks and tabs as single blanks.
inline std::string OneLine(const Op& op, const CompileOptions& options = {}) {
  std::string line;
  for (const Statement& statement : Compile(op, options)) {
    if (!line.empty()) line += "; ";
    for (const char c : statement.sql) {
      const bool blank = c == '\n' || c == '\t' || c == ' ';
      if (!blank || line.empty() || line.back() != ' ') line += blank ? ' ' : c;
    }
  }
  return line;
}

inline Type Keyword(const char* text) {
  return {TypeKind::kKeyword, text};
}
inline Type Sized(const char* text, int length) {
  return {TypeKind::kSized, text, length};
}

// A nullable column with nothing else to it.
inline Column Plain(const char* name, Type type) {
  Column column;
  column.name = name;
  column.type = std::move(type);
  return column;
}

}  // namespace memstack::ddl
