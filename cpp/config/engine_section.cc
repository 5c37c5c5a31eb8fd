#include "config/engine_section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/word_list.h"
#include "config/near_keys.h"

namespace memstack::config {
namespace {

constexpr std::string_view kIniSection = "memstack_migrate";
constexpr TomlTable kTable = TomlTable::kMemstackMigrate;
constexpr std::array<std::string_view, 6> kKnown = {"url",          "version_table", "version_table_schema",
                                                    "lock_timeout", "pooler",        "driver"};

struct Found {
  std::string text;
  ErrorPlace place;
  std::string origin;  // "lock_timeout of [memstack_migrate] in alembic.ini"
  bool from_ini = true;
};

void RefuseUnknown(const std::string& key, std::string_view section, const std::string& file, int line) {
  if (Contains(kKnown, key)) return;
  throw Error(ErrorCode::kConfiguration,
              fmt::format("unknown setting '{}' in [{}] of {}", key, section, file))
      .At(file, line)
      .Hint(DidYouMean(NearKeys(key, kKnown), fmt::format("known are: {}", fmt::join(kKnown, ", "))));
}

// Only what stands in the section itself: [DEFAULT] of alembic.ini belongs to others.
std::optional<Found> Find(const IniFile& ini, const PyprojectFile* toml, const std::string& key) {
  const std::vector<std::string> own = ini.OwnOptions(kIniSection);
  if (std::find(own.begin(), own.end(), key) != own.end()) {
    return Found{*ini.Get(kIniSection, key), ErrorPlace{ini.file_name(), ini.LineOf(kIniSection, key)},
                 fmt::format("{} of [{}] in {}", key, kIniSection, ini.file_name()), true};
  }
  if (toml == nullptr || toml->LineOf(kTable, key) == 0) return std::nullopt;
  std::string text = toml->IsInteger(kTable, key) ? fmt::to_string(*toml->GetInteger(kTable, key))
                                                  : *toml->GetString(kTable, key);
  return Found{std::move(text), ErrorPlace{toml->file_name(), toml->LineOf(kTable, key)},
               fmt::format("{} of [{}] in {}", key, TomlTableName(kTable), toml->file_name()), false};
}

[[noreturn]] void RefuseValue(const Found& found, std::string_view wanted) {
  throw Error(ErrorCode::kConfiguration, fmt::format("{} is '{}', not {}", found.origin, found.text, wanted))
      .At(found.place.file, found.place.line)
      .Hint(fmt::format("make it {}", wanted));
}

std::chrono::seconds Seconds(const Found& found) {
  int seconds = 0;
  const char* end = found.text.data() + found.text.size();
  const auto [stop, problem] = std::from_chars(found.text.data(), end, seconds);
  if (problem != std::errc() || stop != end || seconds < 0)
    RefuseValue(found, "a whole number of seconds, 0 or more");
  return std::chrono::seconds(seconds);
}

Pooler PoolerMode(const Found& found) {
  if (found.text == "session") return Pooler::kSession;
  if (found.text == "transaction") return Pooler::kTransaction;
  RefuseValue(found, "'session' or 'transaction'");
}

bool IsProjectsDriver(const Found& found) {
  if (found.text != "engine" && found.text != "project") RefuseValue(found, "'engine' or 'project'");
  return found.text == "project";
}

}  // namespace

void ReadEngineSection(const IniFile& ini, const PyprojectFile* toml, const EnvironmentLookup& environment,
                       Settings& settings) {
  for (const std::string& key : ini.OwnOptions(kIniSection)) {
    RefuseUnknown(key, kIniSection, ini.file_name(), ini.LineOf(kIniSection, key));
  }
  if (toml != nullptr) {
    for (const std::string& key : toml->Keys(kTable)) {
      RefuseUnknown(key, TomlTableName(kTable), toml->file_name(), toml->LineOf(kTable, key));
    }
  }
  if (const auto found = Find(ini, toml, "url"); found && !found->text.empty()) {
    const UrlSource source = found->from_ini ? UrlSource::kIniFile : UrlSource::kPyproject;
    settings.url = UrlSetting::Expanded(source, found->origin, found->text, environment, found->place);
  }
  if (const auto found = Find(ini, toml, "version_table")) {
    if (found->text.empty()) RefuseValue(*found, "the name of a table");
    settings.version_table = found->text;
  }
  if (const auto found = Find(ini, toml, "version_table_schema"); found && !found->text.empty()) {
    settings.version_table_schema = found->text;
  }
  if (const auto found = Find(ini, toml, "lock_timeout")) settings.lock_timeout = Seconds(*found);
  if (const auto found = Find(ini, toml, "pooler")) settings.pooler = PoolerMode(*found);
  if (const auto found = Find(ini, toml, "driver")) settings.uses_projects_driver = IsProjectsDriver(*found);
}

}  // namespace memstack::config
