// Reads env.py as text and says whether it surely does the usual thing: one engine, one database, Alembic's
// own version table, the connection's own search path. Only then may the version table be read without
// running env.py.
//
// It must never lie, so it does not look for what is wrong but asks that all that matters is of a known form:
// `context` is alembic's and only used directly, configure() is called once with a connection (and once with
// a URL for offline mode) with arguments that are known to be harmless, the engine is made in the file with
// such arguments, the functions that lead there are called exactly once and not from a loop; and the file
// does nothing that could reach around that (getattr, exec, star imports, SQL of its own, listeners, ...).
// Everything else is "not safe".
//
// What no text shows: which URL a settings object gives (the URL that the user configured for us vouches for
// that), what imported modules do on import (a listener on all engines), and objects passed in
// Config.attributes: with such attributes, or with -x, the answer does not hold.
#pragma once

#include <string>
#include <string_view>

namespace memstack::config {

struct ScanResult {
  bool safe = false;
  std::string reason;  // why not, for a person; "" if safe
  int line = 0;        // in env.py; 0: the file as a whole
  // Safe, and the engine is made of sqlalchemy.url of the configuration, which env.py does not change. False:
  // the address may come from anywhere, and whoever trusts the scan has to know it from elsewhere.
  bool takes_address_from_config = false;
};

ScanResult ScanEnvironment(std::string_view bytes);

}  // namespace memstack::config
