// pyproject.toml: [tool.alembic] as Alembic 1.16 and later read it, and our own [tool.memstack_migrate].
//
// In the strings of [tool.alembic] Alembic runs Python's `%` operator with {"here": directory}; of it,
// `%(here)s` and
// `%%` are known here and everything else is an error (Alembic would raise or print a dictionary). Strings of
// our own section are taken as they are, so that a URL may hold percent-encoding.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memstack::config {

enum class TomlTable { kAlembic, kMemstackMigrate };

// Immutable; share freely. All failures are ErrorCode::kConfiguration with file and line; no message shows a
// value.
class PyprojectFile {
 public:
  static PyprojectFile Parse(std::string_view text, std::string file_name, std::string here);

  // nullopt: there is no such file.
  static std::optional<PyprojectFile> Read(const std::filesystem::path& path, std::string file_name,
                                           std::string here);

  bool HasTable(TomlTable table) const;
  std::vector<std::string> Keys(TomlTable table) const;

  // nullopt where the key is absent; another type than the one asked for throws.
  std::optional<std::string> GetString(TomlTable table, std::string_view key) const;
  std::optional<std::int64_t> GetInteger(TomlTable table, std::string_view key) const;
  std::optional<bool> GetBoolean(TomlTable table, std::string_view key) const;
  std::optional<std::vector<std::string>> GetStrings(TomlTable table, std::string_view key) const;

  bool IsInteger(TomlTable table, std::string_view key) const;
  bool IsString(TomlTable table, std::string_view key) const;

  const std::string& file_name() const { return file_name_; }
  // 0: no such key.
  int LineOf(TomlTable table, std::string_view key) const;

 private:
  struct Document;  // keeps toml++ out of this header

  PyprojectFile(std::string file_name, std::string here)
      : file_name_(std::move(file_name)), here_(std::move(here)) {}
  std::string Resolve(TomlTable table, std::string_view key, const std::string& text) const;
  [[noreturn]] void RefuseType(TomlTable table, std::string_view key, std::string_view wanted) const;

  std::string file_name_;
  std::string here_;
  std::shared_ptr<const Document> document_;
};

// "tool.alembic" or "tool.memstack_migrate".
std::string_view TomlTableName(TomlTable table);

}  // namespace memstack::config
