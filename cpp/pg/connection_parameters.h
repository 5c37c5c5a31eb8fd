// What a connection is opened with: libpq's keywords and values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memstack::pg {

// libpq connection keywords and values, in order ("host", "port", "dbname", "user", "password", "sslmode",
// ...); of a repeated keyword the last one counts.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
using ConnectionParameters = std::vector<std::pair<std::string, std::string>>;

// The value that counts, or "".
std::string ParameterValue(const ConnectionParameters& parameters, std::string_view keyword);

// Whether the libpq that is linked knows the keyword; later ones know more. Any thread.
bool LibpqKnows(std::string_view keyword);

}  // namespace memstack::pg
