#include "pg/lost_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace memstack::pg {

bool IsCommit(std::string_view sql) {
  const size_t start = sql.find_first_not_of(" \t\r\n[");
  if (start == std::string_view::npos) return false;
  const std::string_view rest = sql.substr(start);
  const auto is_letter = [](char c) { return IsAsciiLetter(c) || c == '_'; };
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_letter);
  const std::string word = AsciiUpper(rest.substr(0, static_cast<size_t>(end - rest.begin())));
  return word == "COMMIT" || word == "END";
}

bool MayCommit(std::string_view sql) {
  return IsCommit(sql) || AsciiUpper(sql).find("COMMIT") != std::string::npos;
}

Error LostConnection(std::string_view place, std::string_view said, std::string_view sql,
                     bool was_in_transaction) {
  const bool in_doubt = was_in_transaction && MayCommit(sql);
  ServerDiagnostics diagnostics;
  diagnostics.detail = said;
  Error error(in_doubt ? ErrorCode::kCommitInDoubt : ErrorCode::kConnection,
              in_doubt ? fmt::format("the connection to {} was lost during COMMIT", place)
                       : fmt::format("the connection to {} was lost", place));
  error.Statement(std::string(sql), std::move(diagnostics));
  if (in_doubt) {
    error.State("not known: the transaction is either committed as a whole or not at all");
    error.Hint("look at the database before a new try; the version table was part of the same transaction");
  } else if (was_in_transaction) {
    error.State("the server rolls back the open transaction");
    error.Hint("when the server is up again, run the same command again");
  } else {
    error.State("not known: there was no transaction, the statement may have taken effect or not");
    error.Hint("look at the database before a new try");
  }
  return error;
}

}  // namespace memstack::pg
