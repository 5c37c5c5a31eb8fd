// libpq's other way to say where a database is: "host=localhost dbname=app user='a b'".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memstack::config {

// Keywords and values in order, quotes and backslashes resolved, empty values left out (they mean the
// default). https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE Throws
// kDatabaseUrl for what is not of that form and for an unknown keyword. After a secret keyword an unknown one
// is not named: a password with an unquoted space would show in it.
std::vector<std::pair<std::string, std::string>> ParseConninfo(std::string_view text);

}  // namespace memstack::config
