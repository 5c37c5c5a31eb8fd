#include "pg/connection_parameters.h"

namespace memstack::pg {

std::string ParameterValue(const ConnectionParameters& parameters, std::string_view keyword) {
  std::string value;
  for (const auto& [name, text] : parameters) {
    if (name == keyword) value = text;
  }
  return value;
}

}  // namespace memstack::pg
