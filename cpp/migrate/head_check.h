// The quick answer: does the database stand at the target already? One connection, no env.py, no lock.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "migrate/database_identity.h"
#include "migrate/project.h"
#include "pg/connection.h"

namespace memstack::migrate {

// What is known about the database without running env.py. Move-only.
struct HeadCheck {
  // Where the database stands; nothing where that cannot be told without env.py (see why_not).
  std::optional<std::vector<std::string>> current_heads;
  std::string why_not;  // "env.py:12: it names a version table": the doubt that made it impossible
  std::string remedy;   // which setting ends that doubt; "" if none does
  std::string version_table;
  std::string database;  // for messages
  // To the database that the user's URL leads to; null where no URL was given.
  std::unique_ptr<pg::Connection> connection;

  // Asks which database that is, and closes the connection; nothing where no URL was given.
  std::optional<DatabaseIdentity> TakeIdentity();
};

// It must never lie, so it answers only where the URL was given, neither a -x argument nor an attribute can
// change what env.py does, and env.py's text shows no way in which it might look elsewhere
// (config/environment_scan.h): it takes its address from sqlalchemy.url, which the given URL overrides, or
// from where the environment holds the same address and no other. A user who names the version table in our
// own settings vouches for all of env.py. Connects if a URL was given; throws kConnection if that fails.
HeadCheck CheckHead(const Project& project);

}  // namespace memstack::migrate
