#include "pg/connection_parameters.h"

#include <functional>
#include <set>

#include "pg/libpq_handle.h"

namespace memstack::pg {
namespace {

std::set<std::string, std::less<>> ReadKeywords() {
  std::set<std::string, std::less<>> keywords;
  // Unlike PQconndefaults() it asks neither the environment nor a service file.
  const OptionsHandle options(PQconninfoParse("", nullptr));
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
       ++option)
    keywords.emplace(option->keyword);
  return keywords;
}

}  // namespace

bool LibpqKnows(std::string_view keyword) {
  static const std::set<std::string, std::less<>> keywords = ReadKeywords();
  return keywords.empty() || keywords.contains(keyword);
}

std::string ParameterValue(const ConnectionParameters& parameters, std::string_view keyword) {
  std::string value;
  for (const auto& [name, text] : parameters) {
    if (name == keyword) value = text;
  }
  return value;
}

}  // namespace memstack::pg
