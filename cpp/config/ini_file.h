// alembic.ini as Python's configparser reads it under Alembic.
//
// The grammar is that of configparser.ConfigParser(defaults) with its default arguments, since Alembic uses
// it so: `=` and `:` delimit, `#` and `;` start a comment only at the start of a line (a value may hold
// them), a deeper indented line continues a value, names of options are case-insensitive, [DEFAULT] is seen
// from every section, a section or an option that comes twice is an error, and `%(name)s` and `%%` are
// resolved when a value is read, not before: a mistake in a value that nobody reads is no error.
//
// Two differences, both on purpose: the file is always UTF-8 (Python takes the locale's encoding), and only
// ASCII letters of an option's name are folded.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memstack::config {

// A value type; one thread at a time while Set is used, else share freely. All failures are
// ErrorCode::kConfiguration with file and line; no message shows a value (it may hold a password).
class IniFile {
 public:
  // What Alembic has without a file: no section, and `here`.
  IniFile(std::string file_name, std::string here);

  // `file_name` is for messages. `here` is what %(here)s gives unless [DEFAULT] says otherwise; as under
  // Alembic a '%' in it is itself taken for an interpolation.
  static IniFile Parse(std::string_view text, std::string file_name, std::string here);

  // nullopt: there is no such file. A file that cannot be read is an error.
  static std::optional<IniFile> Read(const std::filesystem::path& path, std::string file_name,
                                     std::string here);

  // [DEFAULT] is not a section.
  bool HasSection(std::string_view section) const;
  std::vector<std::string> sections() const;

  // The options that stand in the section itself, in alphabetical order; empty without such a section.
  std::vector<std::string> OwnOptions(std::string_view section) const;

  // True for an option of [DEFAULT], too, if the section exists. "" and "DEFAULT" mean [DEFAULT].
  bool HasOption(std::string_view section, std::string_view option) const;

  // The value as written, without interpolation; nullopt where HasOption is false.
  std::optional<std::string> Raw(std::string_view section, std::string_view option) const;

  // The value with its interpolations resolved; nullopt where HasOption is false. Throws for a bad one.
  std::optional<std::string> Get(std::string_view section, std::string_view option) const;

  // Like Alembic's Config.set_main_option: makes the section if needed; `value` is subject to interpolation,
  // so a lone '%' in it throws.
  void Set(std::string_view section, std::string_view option, std::string value);

  const std::string& file_name() const { return file_name_; }
  // The line on which the option starts, from 1; 0 if it is not in the file.
  int LineOf(std::string_view section, std::string_view option) const;

 private:
  class Reader;

  struct Option {
    std::string value;
    int line = 0;
  };
  using Section = std::map<std::string, Option, std::less<>>;

  const Option* Find(std::string_view section, std::string_view option) const;
  void Interpolate(std::string_view section, std::string_view option, std::string_view text, int depth,
                   std::string& out) const;

  std::string file_name_;
  Section defaults_;
  std::map<std::string, Section, std::less<>> sections_;
};

}  // namespace memstack::config
