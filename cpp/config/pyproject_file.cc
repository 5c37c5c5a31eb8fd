#include "config/pyproject_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <utility>

#include "base/error.h"
#include "config/configuration_file.h"

namespace memstack::config {

struct PyprojectFile::Document {
  toml::table root;

  const toml::node* Find(TomlTable table, std::string_view key) const {
    const toml::table* found = root[toml::path(TomlTableName(table))].as_table();
    return found == nullptr ? nullptr : found->get(key);
  }
};

std::string_view TomlTableName(TomlTable table) {
  return table == TomlTable::kAlembic ? "tool.alembic" : "tool.memstack_migrate";
}

PyprojectFile PyprojectFile::Parse(std::string_view text, std::string file_name, std::string here) {
  PyprojectFile file(std::move(file_name), std::move(here));
  auto document = std::make_shared<Document>();
  try {
    document->root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    // Its description may quote the text around the mistake, which may be a password: the place must do.
    throw Error(ErrorCode::kConfiguration, fmt::format("{} is not valid TOML", file.file_name_))
        .At(file.file_name_, static_cast<int>(error.source().begin.line))
        .Hint("mend the syntax there: see https://toml.io");
  }
  for (const TomlTable table : {TomlTable::kAlembic, TomlTable::kMemstackMigrate}) {
    const auto node = document->root[toml::path(TomlTableName(table))];
    if (node && !node.is_table()) {
      throw Error(ErrorCode::kConfiguration,
                  fmt::format("'{}' in {} is not a table", TomlTableName(table), file.file_name_))
          .At(file.file_name_, static_cast<int>(node.node()->source().begin.line))
          .Hint(fmt::format("write it as [{}]", TomlTableName(table)));
    }
  }
  file.document_ = std::move(document);
  return file;
}

std::optional<PyprojectFile> PyprojectFile::Read(const std::filesystem::path& path, std::string file_name,
                                                 std::string here) {
  const std::optional<std::string> text = ReadConfigurationFile(path, file_name);
  if (!text) return std::nullopt;
  return Parse(*text, std::move(file_name), std::move(here));
}

bool PyprojectFile::HasTable(TomlTable table) const {
  return document_->root[toml::path(TomlTableName(table))].is_table();
}

std::vector<std::string> PyprojectFile::Keys(TomlTable table) const {
  std::vector<std::string> keys;
  const toml::table* found = document_->root[toml::path(TomlTableName(table))].as_table();
  if (found == nullptr) return keys;
  for (const auto& [key, unused] : *found) keys.emplace_back(key.str());
  return keys;
}

int PyprojectFile::LineOf(TomlTable table, std::string_view key) const {
  const toml::node* node = document_->Find(table, key);
  return node == nullptr ? 0 : static_cast<int>(node->source().begin.line);
}

void PyprojectFile::RefuseType(TomlTable table, std::string_view key, std::string_view wanted) const {
  throw Error(ErrorCode::kConfiguration,
              fmt::format("'{}' of [{}] in {} is not {}", key, TomlTableName(table), file_name_, wanted))
      .At(file_name_, LineOf(table, key))
      .Hint(fmt::format("make it {}", wanted));
}

// Python's text % {"here": ...}, of which two forms make sense.
std::string PyprojectFile::Resolve(TomlTable table, std::string_view key, const std::string& text) const {
  if (table != TomlTable::kAlembic) return text;
  constexpr std::string_view kHere = "%(here)s";
  std::string out;
  std::string_view rest = text;
  for (size_t percent = rest.find('%'); percent != std::string_view::npos; percent = rest.find('%')) {
    out += rest.substr(0, percent);
    rest.remove_prefix(percent);
    if (rest.starts_with("%%")) {
      out += '%';
      rest.remove_prefix(2);
    } else if (rest.starts_with(kHere)) {
      out += here_;
      rest.remove_prefix(kHere.size());
    } else {
      throw Error(ErrorCode::kConfiguration,
                  fmt::format("'{}' of [{}] in {} holds a '%' that is neither '%%' nor '%(here)s'", key,
                              TomlTableName(table), file_name_))
          .At(file_name_, LineOf(table, key))
          .Hint("write a literal % as %%");
    }
  }
  return out.append(rest);
}

bool PyprojectFile::IsInteger(TomlTable table, std::string_view key) const {
  const toml::node* node = document_->Find(table, key);
  return node != nullptr && node->is_integer();
}

bool PyprojectFile::IsString(TomlTable table, std::string_view key) const {
  const toml::node* node = document_->Find(table, key);
  return node != nullptr && node->is_string();
}

std::optional<std::string> PyprojectFile::GetString(TomlTable table, std::string_view key) const {
  const toml::node* node = document_->Find(table, key);
  if (node == nullptr) return std::nullopt;
  const toml::value<std::string>* text = node->as_string();
  if (text == nullptr) RefuseType(table, key, "a string");
  return Resolve(table, key, text->get());
}

std::optional<std::int64_t> PyprojectFile::GetInteger(TomlTable table, std::string_view key) const {
  const toml::node* node = document_->Find(table, key);
  if (node == nullptr) return std::nullopt;
  const toml::value<std::int64_t>* number = node->as_integer();
  if (number == nullptr) RefuseType(table, key, "an integer");
  return number->get();
}

std::optional<bool> PyprojectFile::GetBoolean(TomlTable table, std::string_view key) const {
  const toml::node* node = document_->Find(table, key);
  if (node == nullptr) return std::nullopt;
  const toml::value<bool>* flag = node->as_boolean();
  if (flag == nullptr) RefuseType(table, key, "a boolean (true or false)");
  return flag->get();
}

std::optional<std::vector<std::string>> PyprojectFile::GetStrings(TomlTable table,
                                                                  std::string_view key) const {
  const toml::node* node = document_->Find(table, key);
  if (node == nullptr) return std::nullopt;
  const toml::array* array = node->as_array();
  if (array == nullptr) RefuseType(table, key, "a list of strings");
  std::vector<std::string> strings;
  for (const toml::node& element : *array) {
    const toml::value<std::string>* text = element.as_string();
    if (text == nullptr) RefuseType(table, key, "a list of strings");
    strings.push_back(Resolve(table, key, text->get()));
  }
  return strings;
}

}  // namespace memstack::config
