// Which keys a database URL may hold: libpq's keywords, and how other drivers spell them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memstack::config {

// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS, of PostgreSQL 13 to 18. An
// older libpq refuses the newer ones itself.
std::span<const std::string_view> LibpqKeywords();
bool IsLibpqKeyword(std::string_view key);
// A libpq keyword, or a key that TranslateKey knows besides.
bool IsKnownKey(std::string_view key);

// Whether an unknown key may stand in a message: a plain word, not something that a password was cut into.
bool IsNameable(std::string_view key);

// Keywords whose value is a secret: password, sslpassword, ...
bool IsSecretKeyword(std::string_view key);
// Keywords whose value may be shown. Not the opposite of the above: `options` may hold anything.
bool IsPublicKeyword(std::string_view key);

// What a key of a URL's query means to libpq: usually itself, for a spelling of asyncpg or pg8000 the libpq
// keyword with the value translated, for a setting of a driver's caches nothing. Throws kDatabaseUrl for a
// key that nobody knows, naming it and its neighbours, and for a value that cannot be translated, not naming
// the value.
std::vector<std::pair<std::string, std::string>> TranslateKey(std::string_view key, std::string_view value);

}  // namespace memstack::config
