#include "config/conninfo.h"

#include <fmt/format.h>

#include "base/error.h"
#include "config/connection_keywords.h"
#include "config/near_keys.h"

namespace memstack::config {
namespace {

constexpr std::string_view kSpace = " \t\n\r\f\v";

[[noreturn]] void Refuse(std::string_view why) {
  throw Error(ErrorCode::kDatabaseUrl, fmt::format("cannot read the connection string: {}", why))
      .Hint(
          "write postgresql://user:password@host/database, or keyword='value' pairs; ' and \\ need a \\ "
          "before them");
}

void SkipSpace(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
}

std::string TakeValue(std::string_view& text) {
  std::string value;
  const bool is_quoted = text.starts_with('\'');
  if (is_quoted) text.remove_prefix(1);
  while (!text.empty()) {
    const char c = text[0];
    if (is_quoted ? c == '\'' : kSpace.find(c) != std::string_view::npos) break;
    if (c == '\\' && text.size() > 1) text.remove_prefix(1);
    value += text[0];
    text.remove_prefix(1);
  }
  if (is_quoted && text.empty()) Refuse("a quoted value is not closed");
  if (is_quoted) text.remove_prefix(1);
  return value;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> ParseConninfo(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) Refuse("it holds a NUL character");
  std::vector<std::pair<std::string, std::string>> pairs;
  bool after_secret = false;
  for (SkipSpace(text); !text.empty(); SkipSpace(text)) {
    const size_t end = std::min(text.find_first_of(" \t\n\r\f\v="), text.size());
    const std::string keyword(text.substr(0, end));
    text.remove_prefix(end);
    SkipSpace(text);
    if (!text.starts_with('=')) Refuse("a keyword is not followed by '='");
    text.remove_prefix(1);
    SkipSpace(text);
    std::string value = TakeValue(text);
    if (!IsLibpqKeyword(keyword)) {
      if (after_secret) Refuse("an unknown keyword follows a password; one with spaces has to be quoted");
      // A URL without its scheme ends up here: what is no word may be a password.
      if (!IsNameable(keyword)) Refuse("a keyword is not a word");
      throw Error(ErrorCode::kDatabaseUrl,
                  fmt::format("unknown keyword '{}' in the connection string", keyword))
          .Hint(DidYouMean(NearKeys(keyword, LibpqKeywords()), "keywords are those of libpq"));
    }
    after_secret = after_secret || IsSecretKeyword(keyword);
    if (keyword != "client_encoding" && !value.empty()) pairs.emplace_back(keyword, std::move(value));
  }
  return pairs;
}

}  // namespace memstack::config
