// Our own settings: [memstack_migrate] in alembic.ini, [tool.memstack_migrate] in pyproject.toml.
//
//   url                   where the database is, for starts that need not run env.py; ${VAR}, ${VAR:-default}
//   version_table         the version table that env.py configures, if not alembic_version
//   version_table_schema  its schema
//   lock_timeout          whole seconds to wait for another run; 0: do not wait
//   pooler                session | transaction: the mode of the pooler in between, if there is one
//   driver                engine | project: what connects the engines that env.py makes: this engine itself,
//                         or the driver that their URLs name
#pragma once

#include "config/ini_file.h"
#include "config/pyproject_file.h"
#include "config/settings.h"
#include "config/url_setting.h"

namespace memstack::config {

// Fills the fields of `settings` that the two sections give; per option alembic.ini wins. An unknown option
// and a bad value throw kConfiguration; a variable that is not set throws only when the URL is used. `toml`
// may be null.
void ReadEngineSection(const IniFile& ini, const PyprojectFile* toml, const EnvironmentLookup& environment,
                       Settings& settings);

}  // namespace memstack::config
