// String values as SQL text. Values of our own statements are bound; these are for DDL, which takes no
// parameters.
#pragma once

#include <string>
#include <string_view>

namespace memstack::sql {

// What a backslash means inside '...': it follows the session's standard_conforming_strings.
enum class Backslash {
  kPlain,   // on (the server's default): an ordinary character
  kEscape,  // off: must be doubled. SQLAlchemy assumes this until it has asked a server, so offline scripts
            // use it
};

// 'value', as SQLAlchemy writes it.
[[nodiscard]] std::string StringLiteral(std::string_view value, Backslash backslash = Backslash::kPlain);

// The same value under either setting: E'...' where there is a backslash, as PQescapeLiteral does.
[[nodiscard]] std::string PortableLiteral(std::string_view value);

}  // namespace memstack::sql
