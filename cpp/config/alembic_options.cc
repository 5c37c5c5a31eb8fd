#include "config/alembic_options.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/python_text.h"

namespace memstack::config {
namespace {

constexpr TomlTable kTable = TomlTable::kAlembic;

// [x.strip() for x in text.split(separator) if x]
std::vector<std::string> SplitOn(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(separator, start), text.size());
    if (end > start) parts.emplace_back(Strip(text.substr(start, end - start)));
    start = end + 1;
  }
  return parts;
}

// re.split(r", *|(?: +)", text), and r", *|(?: +)|\:" with `colons`: what Alembic did before it had
// path_separator, kept by it for old files. Empty parts stay, as they do there.
std::vector<std::string> SplitLegacy(std::string_view text, bool colons) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < text.size();) {
    const bool is_break = text[i] == ',' || text[i] == ' ' || (colons && text[i] == ':');
    if (!is_break) {
      parts.back() += text[i++];
      continue;
    }
    const bool takes_spaces = text[i] != ':';
    ++i;
    while (takes_spaces && i < text.size() && text[i] == ' ') ++i;
    parts.emplace_back();
  }
  return parts;
}

}  // namespace

Error AlembicOptions::Failure(std::string_view name, const std::string& message) const {
  return Error(ErrorCode::kConfiguration, fmt::format("'{}' in {} {}", name, ini_.file_name(), message))
      .At(ini_.file_name(), ini_.LineOf(section_, name));
}

std::optional<std::string> AlembicOptions::GetString(std::string_view name) const {
  if (ini_.HasOption(section_, name)) return ini_.Get(section_, name);
  return toml_ == nullptr ? std::nullopt : toml_->GetString(kTable, name);
}

bool AlembicOptions::GetBoolean(std::string_view name) const {
  if (ini_.HasOption(section_, name)) return ini_.Get(section_, name) == "true";
  return toml_ != nullptr && toml_->GetBoolean(kTable, name).value_or(false);
}

std::optional<int> AlembicOptions::GetInteger(std::string_view name) const {
  if (!ini_.HasOption(section_, name) && toml_ != nullptr && !toml_->IsString(kTable, name)) {
    const std::optional<std::int64_t> number = toml_->GetInteger(kTable, name);
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
  }
  const std::optional<std::string> text = GetString(name);
  if (!text) return std::nullopt;
  const std::string_view digits = Strip(*text);
  int number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem != std::errc() || end != digits.data() + digits.size()) {
    throw Failure(name, "is not a whole number").Hint("write it with digits only");
  }
  return number;
}

// nullopt: legacy splitting.
std::optional<std::string> AlembicOptions::Separator(std::string_view name) const {
  const std::optional<std::string> value = ini_.Get(section_, name);
  if (!value) return std::nullopt;
  if (*value == "space") return " ";
  if (*value == "newline") return "\n";
  if (*value == "os" || *value == ":") return ":";
  if (*value == ";") return ";";
  throw Failure(name, fmt::format("is '{}', which is no separator", *value))
      .Hint("use one of: os, space, newline, ':', ';'");
}

std::optional<std::vector<std::string>> AlembicOptions::GetVersionLocations() const {
  const std::optional<std::string> text = ini_.Get(section_, "version_locations");
  if (!text || text->empty())
    return toml_ == nullptr ? std::nullopt : toml_->GetStrings(kTable, "version_locations");
  std::optional<std::string> separator = Separator("path_separator");
  if (!separator) separator = Separator("version_path_separator");
  return separator ? SplitOn(*text, (*separator)[0]) : SplitLegacy(*text, false);
}

std::optional<std::vector<std::string>> AlembicOptions::GetPrependSysPath() const {
  constexpr std::string_view kName = "prepend_sys_path";
  const std::optional<std::string> text = ini_.Get(section_, kName);
  if (!text || text->empty()) {
    if (toml_ == nullptr) return std::nullopt;
    // Alembic would put each character of a string on the path, which for "." happens to work.
    if (toml_->IsString(kTable, kName)) return std::vector{*toml_->GetString(kTable, kName)};
    return toml_->GetStrings(kTable, kName);
  }
  const std::optional<std::string> separator = Separator("path_separator");
  return separator ? SplitOn(*text, (*separator)[0]) : SplitLegacy(*text, true);
}

}  // namespace memstack::config
