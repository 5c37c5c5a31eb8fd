#include "config/url_setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace memstack::config {
namespace {

bool IsVariableName(std::string_view name) {
  return !name.empty() && !IsAsciiDigit(name[0]) && std::all_of(name.begin(), name.end(), &IsAsciiWord);
}

// `reference` is what stands between "${" and "}".
std::string ValueOf(std::string_view reference, const EnvironmentLookup& environment) {
  const size_t separator = reference.find(":-");
  const std::string name(reference.substr(0, separator));
  if (!IsVariableName(name)) {
    // Not shown: what was meant for a password may hold "${".
    throw Error(ErrorCode::kConfiguration,
                "'${' is not followed by the name of an environment variable and '}'")
        .Hint("write ${NAME} or ${NAME:-default}; a literal ${ is written $${");
  }
  const std::optional<std::string> value = environment ? environment(name) : std::nullopt;
  if (separator != std::string_view::npos) {
    return value && !value->empty() ? *value : std::string(reference.substr(separator + 2));
  }
  if (!value) {
    throw Error(ErrorCode::kConfiguration, fmt::format("environment variable {} is not set", name))
        .Hint(fmt::format("set {0}, or give a default: ${{{0}:-default}}", name));
  }
  return *value;
}

}  // namespace

std::string ExpandVariables(std::string_view text, const EnvironmentLookup& environment) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with("$${")) {
      out += "${";
      text.remove_prefix(3);
    } else if (text.starts_with("${")) {
      const size_t close = text.find('}');
      const bool is_closed = close != std::string_view::npos;
      out += ValueOf(is_closed ? text.substr(2, close - 2) : std::string_view(), environment);
      text.remove_prefix(close + 1);
    } else {
      out += text[0];
      text.remove_prefix(1);
    }
  }
  return out;
}

UrlSetting::UrlSetting(UrlSource source, std::string origin, std::string text)
    : source_(source), origin_(std::move(origin)), text_(std::move(text)) {}

UrlSetting UrlSetting::Expanded(UrlSource source, std::string origin, std::string_view text,
                                const EnvironmentLookup& environment, const ErrorPlace& place) {
  UrlSetting setting(source, std::move(origin), "");
  try {
    setting.text_ = ExpandVariables(text, environment);
  } catch (const Error& error) {
    setting.failure_ = Error(error.code(), fmt::format("cannot use {}: {}", setting.origin_, error.what()))
                           .At(place.file, place.line)
                           .Hint(error.hint());
  }
  return setting;
}

const std::string& UrlSetting::text() const {
  if (failure_) throw *failure_;
  return text_;
}

}  // namespace memstack::config
