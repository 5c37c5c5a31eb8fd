// The database URL as someone configured it: where it comes from, and its text once somebody needs it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace memstack::config {

// Environment variables; nullopt: not set. Given as a function so that tests and the Python side choose.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

enum class UrlSource { kArgument, kEnvironment, kIniFile, kPyproject };

// Immutable; share freely.
class UrlSetting {
 public:
  // `origin` is how a message names it, e.g. "--url" or "url of [memstack_migrate] in alembic.ini".
  UrlSetting(UrlSource source, std::string origin, std::string text);

  // For a URL out of a file: `${VAR}` and `${VAR:-default}` are replaced. A failing replacement is kept and
  // thrown by text(), since a command that needs no database should work without the variable.
  static UrlSetting Expanded(UrlSource source, std::string origin, std::string_view text,
                             const EnvironmentLookup& environment, const ErrorPlace& place);

  UrlSource source() const { return source_; }
  const std::string& origin() const { return origin_; }

  // Holds the password: not for messages. Throws kConfiguration if a variable is not set.
  const std::string& text() const;

 private:
  UrlSource source_;
  std::string origin_;
  std::string text_;
  std::optional<Error> failure_;
};

// `${VAR}`: the variable, which must be set; `${VAR:-default}`: the default if it is unset or empty, up to
// the next
// '}'; `$${` is a literal `${`; any other '$' is itself. What is put in is not percent-encoded and not
// expanded again. Throws kConfiguration.
std::string ExpandVariables(std::string_view text, const EnvironmentLookup& environment);

}  // namespace memstack::config
