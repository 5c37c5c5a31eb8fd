#include "config/ini_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "base/python_text.h"
#include "config/configuration_file.h"

namespace memstack::config {
namespace {

constexpr std::string_view kDefaultSection = "DEFAULT";
constexpr int kDeepestInterpolation = 10;  // configparser.MAX_INTERPOLATION_DEPTH

// A lone '%' is what is left when each "%%" and then each "%(name)s" is taken away
// (BasicInterpolation.before_set).
bool HasLonePercent(std::string_view value) {
  std::string text;
  for (size_t i = 0; i < value.size(); ++i) {
    if (value.substr(i, 2) == "%%") {
      ++i;
      continue;
    }
    text += value[i];
  }
  for (size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at)) {
    const size_t close = text.find(')', at);
    const bool is_reference = text.compare(at, 2, "%(") == 0 && close != std::string::npos &&
                              close > at + 2 && text.compare(close, 2, ")s") == 0;
    if (!is_reference) return true;
    at = close + 2;
  }
  return false;
}

}  // namespace

// One pass over the lines, as RawConfigParser._read does it.
class IniFile::Reader {
 public:
  explicit Reader(IniFile& file) : file_(file) {}

  void Read(std::string_view text) {
    while (!text.empty()) {
      const size_t end = text.find('\n');
      ++line_;
      ReadLine(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    FinishOption();
  }

 private:
  void ReadLine(std::string_view line) {
    const std::string_view value = Strip(line);
    if (value.empty()) {
      if (option_ != nullptr) option_->value += '\n';  // kept if the value goes on after it
      return;
    }
    if (value[0] == '#' || value[0] == ';') return;
    const size_t indent = LeadingSpaces(line);
    if (option_ != nullptr && indent > indent_) {
      option_->value += '\n';
      option_->value += value;
      return;
    }
    indent_ = indent;
    FinishOption();
    const size_t close = value.rfind(']');
    if (value[0] == '[' && close != std::string_view::npos && close > 1) {
      BeginSection(value.substr(1, close - 1));
    } else {
      BeginOption(value);
    }
  }

  void BeginSection(std::string_view name) {
    section_name_ = name;
    if (name == kDefaultSection) {
      section_ = &file_.defaults_;
      return;
    }
    const auto [place, is_new] = file_.sections_.try_emplace(section_name_);
    if (!is_new) {
      throw Failure(fmt::format("section [{}] comes twice", section_name_))
          .Hint("join the two sections into one: configparser refuses a repeated section");
    }
    section_ = &place->second;
  }

  void BeginOption(std::string_view line) {
    if (section_ == nullptr) {
      throw Failure("there is text before the first section header")
          .Hint("start the file with a header such as [alembic]");
    }
    const size_t delimiter = line.find_first_of("=:");
    const std::string name = AsciiLower(StripRight(line.substr(0, delimiter)));
    if (delimiter == std::string_view::npos || name.empty()) {
      throw Failure(fmt::format("a line of section [{}] is not of the form 'name = value'", section_name_))
          .Hint("a continued value has to be indented, a comment has to start with '#'");
    }
    const auto [place, is_new] = section_->try_emplace(name);
    // Line 0: a preset such as `here`, which the file may replace once.
    if (!is_new && place->second.line != 0) {
      throw Failure(fmt::format("option '{}' comes twice in section [{}]", name, section_name_))
          .Hint(fmt::format("remove one of them; the first is on line {}", place->second.line));
    }
    place->second = Option{std::string(Strip(line.substr(delimiter + 1))), line_};
    option_ = &place->second;
  }

  void FinishOption() {
    if (option_ != nullptr) option_->value.resize(StripRight(option_->value).size());
    option_ = nullptr;
  }

  Error Failure(const std::string& message) const {
    return Error(ErrorCode::kConfiguration, fmt::format("cannot read {}: {}", file_.file_name_, message))
        .At(file_.file_name_, line_);
  }

  IniFile& file_;
  int line_ = 0;
  size_t indent_ = 0;
  std::string section_name_;
  Section* section_ = nullptr;
  Option* option_ = nullptr;  // the one that a deeper indented line continues
};

IniFile::IniFile(std::string file_name, std::string here) : file_name_(std::move(file_name)) {
  defaults_["here"] = Option{std::move(here), 0};
}

IniFile IniFile::Parse(std::string_view text, std::string file_name, std::string here) {
  IniFile file(std::move(file_name), std::move(here));
  const auto refuse = [&](int line, std::string_view why, std::string hint) {
    throw Error(ErrorCode::kConfiguration, fmt::format("cannot read {}: {}", file.file_name_, why))
        .At(file.file_name_, line)
        .Hint(std::move(hint));
  };
  if (text.starts_with("\xEF\xBB\xBF")) {
    refuse(1, "it starts with a byte order mark",
           "save it as UTF-8 without BOM: Python's configparser refuses it, too");
  }
  const std::string lines = UniversalNewlines(text);
  if (const size_t bad = FindInvalidUtf8(lines); bad != std::string_view::npos) {
    const auto before = std::count(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
    refuse(static_cast<int>(before) + 1, "it is not UTF-8", "save it as UTF-8");
  }
  Reader(file).Read(lines);
  return file;
}

std::optional<IniFile> IniFile::Read(const std::filesystem::path& path, std::string file_name,
                                     std::string here) {
  const std::optional<std::string> text = ReadConfigurationFile(path, file_name);
  if (!text) return std::nullopt;
  return Parse(*text, std::move(file_name), std::move(here));
}

bool IniFile::HasSection(std::string_view section) const {
  return sections_.contains(section);
}

std::vector<std::string> IniFile::sections() const {
  std::vector<std::string> names;
  names.reserve(sections_.size());
  for (const auto& [name, unused] : sections_) names.push_back(name);
  return names;
}

std::vector<std::string> IniFile::OwnOptions(std::string_view section) const {
  std::vector<std::string> names;
  const auto found = sections_.find(section);
  if (found == sections_.end()) return names;
  for (const auto& [name, unused] : found->second) names.push_back(name);
  return names;
}

const IniFile::Option* IniFile::Find(std::string_view section, std::string_view option) const {
  const std::string name = AsciiLower(option);
  if (!section.empty() && section != kDefaultSection) {
    const auto found = sections_.find(section);
    if (found == sections_.end()) return nullptr;
    if (const auto own = found->second.find(name); own != found->second.end()) return &own->second;
  }
  const auto preset = defaults_.find(name);
  return preset == defaults_.end() ? nullptr : &preset->second;
}

bool IniFile::HasOption(std::string_view section, std::string_view option) const {
  return Find(section, option) != nullptr;
}

std::optional<std::string> IniFile::Raw(std::string_view section, std::string_view option) const {
  const Option* found = Find(section, option);
  return found == nullptr ? std::nullopt : std::optional(found->value);
}

int IniFile::LineOf(std::string_view section, std::string_view option) const {
  const Option* found = Find(section, option);
  return found == nullptr ? 0 : found->line;
}

std::optional<std::string> IniFile::Get(std::string_view section, std::string_view option) const {
  const Option* found = Find(section, option);
  if (found == nullptr) return std::nullopt;
  std::string out;
  Interpolate(section, option, found->value, 1, out);
  return out;
}

void IniFile::Interpolate(std::string_view section, std::string_view option, std::string_view text, int depth,
                          std::string& out) const {
  const auto refuse = [&](std::string_view why, std::string hint) {
    throw Error(ErrorCode::kConfiguration, fmt::format("cannot read option '{}' of section [{}] in {}: {}",
                                                       option, section, file_name_, why))
        .At(file_name_, LineOf(section, option))
        .Hint(std::move(hint));
  };
  if (depth > kDeepestInterpolation) {
    refuse("its %(...)s references go more than ten deep", "look for a value that refers to itself");
  }
  for (size_t percent = text.find('%'); percent != std::string_view::npos; percent = text.find('%')) {
    out += text.substr(0, percent);
    text.remove_prefix(percent);
    if (text.starts_with("%%")) {
      out += '%';
      text.remove_prefix(2);
      continue;
    }
    const size_t close = text.find(')');
    const bool is_reference = text.starts_with("%(") && close != std::string_view::npos && close > 2 &&
                              text.substr(close, 2) == ")s";
    if (!is_reference) refuse("'%' starts neither '%%' nor '%(name)s'", "write a literal % as %%");
    const std::string_view name = text.substr(2, close - 2);
    text.remove_prefix(close + 2);
    const Option* value = Find(section, name);
    if (value == nullptr) {
      refuse(fmt::format("'%({})s' refers to an option that does not exist", name),
             fmt::format("define '{}' in [{}] or [DEFAULT], or write %% for a literal %", name, section));
    } else if (value->value.find('%') == std::string::npos) {
      out += value->value;  // does not count as a level
    } else {
      Interpolate(section, option, value->value, depth + 1, out);
    }
  }
  out += text;
}

void IniFile::Set(std::string_view section, std::string_view option, std::string value) {
  if (HasLonePercent(value)) {
    throw Error(ErrorCode::kConfiguration,
                fmt::format("cannot set option '{}': its value holds a lone '%'", option))
        .Hint("write a literal % as %%");
  }
  const bool is_default = section.empty() || section == kDefaultSection;
  Section& target = is_default ? defaults_ : sections_[std::string(section)];
  target[AsciiLower(option)] = Option{std::move(value), 0};
}

}  // namespace memstack::config
