// Where a database is: any text that SQLAlchemy or libpq takes, read into libpq's keywords.
//
//   postgresql+asyncpg://user:pa%40ss@host:5432/db?ssl=require    SQLAlchemy, with any driver suffix
//   postgresql://user@/db?host=/run/postgresql                    a unix socket
//   postgresql://user@/db?host=a:5432&host=b:5433                 several hosts; also host=a,b&port=5432,5433
//   postgresql:///?service=app                                    a libpq service
//   postgres://...                                                libpq's other name; SQLAlchemy refuses it
//   since 1.4 host=localhost dbname=app                                     libpq's keyword/value form
//   embedded:///var/lib/app                                       a server of our own, in that directory
//
// Every libpq keyword may stand in the query, and what asyncpg, psycopg and pg8000 spell otherwise is
// translated (connection_keywords.h). As in SQLAlchemy a key in the query wins over the same thing before it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memstack::config {

enum class DatabaseKind { kPostgres, kEmbedded };

// libpq keywords and values. dbname may look like a connection string itself: do not let libpq expand it.
using ConnectionParameters = std::vector<std::pair<std::string, std::string>>;

// Whether two sets of parameters surely lead to the same database and search_path: host, port, dbname, user,
// options and service are equal. localhost and 127.0.0.1 are not: nobody has asked.
bool SameDatabase(const ConnectionParameters& one, const ConnectionParameters& other);

// Immutable; share freely.
class DatabaseUrl {
 public:
  // Throws kDatabaseUrl. No message ever holds the password or the value of another secret.
  static DatabaseUrl Parse(std::string_view text);

  DatabaseKind kind() const { return kind_; }
  // "asyncpg" of postgresql+asyncpg://; "" where the text names none.
  const std::string& driver() const { return driver_; }
  // host, port, dbname, user, password as far as given, then the rest in the order of the text. Each keyword
  // once, no empty values. Empty for kEmbedded.
  const ConnectionParameters& parameters() const { return parameters_; }
  std::optional<std::string> Find(std::string_view keyword) const;
  // Of kEmbedded: absolute.
  const std::string& embedded_path() const { return embedded_path_; }

  // For messages and logs: a URL with *** for the password and for every value that is not known to be
  // harmless.
  std::string Redacted() const;

 private:
  DatabaseUrl() = default;

  DatabaseKind kind_ = DatabaseKind::kPostgres;
  std::string scheme_ = "postgresql";
  std::string driver_;
  ConnectionParameters parameters_;
  std::string embedded_path_;
};

}  // namespace memstack::config
