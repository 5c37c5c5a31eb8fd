#include "ddl/type.h"

#include <fmt/format.h>

namespace memstack::ddl {
namespace {

std::string RenderElement(const Type& type) {
  switch (type.kind) {
    case TypeKind::kText:
    case TypeKind::kKeyword:
      return type.text;
    case TypeKind::kSized:
      if (type.precision && type.scale)
        return fmt::format("{}({}, {})", type.text, *type.precision, *type.scale);
      if (type.precision) return fmt::format("{}({})", type.text, *type.precision);
      return type.text;
    case TypeKind::kTime:
      return fmt::format("{}{} {} TIME ZONE", type.text,
                         type.precision ? fmt::format("({})", *type.precision) : std::string(),
                         type.with_time_zone ? "WITH" : "WITHOUT");
    case TypeKind::kInterval:
      return fmt::format("INTERVAL{}{}", type.fields.empty() ? "" : " " + type.fields,
                         type.precision ? fmt::format(" ({})", *type.precision) : std::string());
    case TypeKind::kBit:
      return fmt::format("{}{}", type.varying ? "BIT VARYING" : "BIT",
                         type.precision ? fmt::format("({})", *type.precision) : std::string());
    case TypeKind::kNamed:
      return sql::Render(type.name);
  }
  return type.text;
}

}  // namespace

std::string Render(const Type& type) {
  std::string text = RenderElement(type);
  for (int i = 0; i < type.dimensions; ++i) text += "[]";
  return text;
}

}  // namespace memstack::ddl
