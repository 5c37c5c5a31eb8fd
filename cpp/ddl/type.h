// Column types as values. The engine renders the common ones itself; any other arrives as text that
// SQLAlchemy compiled.
#pragma once

#include <optional>
#include <string>

#include "sql/quote.h"

namespace memstack::ddl {

enum class TypeKind {
  kText,     // `text` holds it, ready to be used
  kKeyword,  // `text` is the key word: INTEGER, JSONB, ...; takes no argument
  kSized,    // `text` is the key word, `precision` and `scale` its arguments if any: VARCHAR(20), NUMERIC(10,
             // 2)
  kTime,     // TIMESTAMP or TIME in `text`, `precision`, `with_time_zone`
  kInterval,  // `fields`, `precision`
  kBit,       // `varying`, `precision` is the length
  kNamed,     // `name`: an enum or a domain
};

// Value; share freely.
struct Type {
  TypeKind kind = TypeKind::kText;
  std::string text = {};
  std::optional<int> precision = {};
  std::optional<int> scale = {};
  bool with_time_zone = false;
  bool varying = false;
  std::string fields = {};  // "YEAR TO MONTH"
  sql::QualifiedName name = {};
  int dimensions = 0;  // of the array; 0: no array

  bool operator==(const Type&) const = default;
};

// As it stands behind a column's name.
[[nodiscard]] std::string Render(const Type& type);

}  // namespace memstack::ddl
