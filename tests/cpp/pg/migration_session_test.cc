#include "pg/migration_session.h"

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

TEST(MigrationSessionTest, TheServerIsToldToWatchTheClient) {
  const TestDatabase database;
  const auto connection = database.Connect();
  PrepareMigrationSession(*connection);
  if (connection->server_version() >= 140000) {
    EXPECT_EQ(ValueOf(*connection, "SHOW client_connection_check_interval"), "1s");
  }
  connection->Begin();
  ExpectError(ErrorCode::kInternal, "inside a transaction", [&] { PrepareMigrationSession(*connection); });
}

TEST(MigrationSessionTest, WhatTheUserSetStays) {
  const ConnectionParameters parameters = WithMigrationDefaults({{"host", "h"}, {"keepalives_idle", "7"}});
  EXPECT_EQ(ParameterValue(parameters, "host"), "h");
  EXPECT_EQ(ParameterValue(parameters, "keepalives_idle"), "7");
  EXPECT_EQ(ParameterValue(parameters, "tcp_user_timeout"), "60000");
}

}  // namespace
}  // namespace memstack::pg
