#include "pg/session_name.h"

#include <unistd.h>

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

TEST(SessionNameTest, ItSaysWhichProcessAndFitsTheServersLimit) {
  const std::string name = MigrationSessionName();
  EXPECT_TRUE(name.starts_with("memstack-migrate pid " + std::to_string(getpid()) + " ")) << name;
  EXPECT_EQ(name.back(), 'Z') << name;
  EXPECT_LE(name.size(), 63u);
}

TEST(SessionNameTest, TheSessionIsNamedAsLongAsTheGuardLives) {
  const TestDatabase database;
  const auto connection = database.Connect();
  connection->Execute("SET application_name = ''");
  {
    const SessionName name(*connection, "mine");
    EXPECT_EQ(ValueOf(*connection, "SHOW application_name"), "mine");
  }
  EXPECT_EQ(ValueOf(*connection, "SHOW application_name"), "");
}

TEST(SessionNameTest, TheUsersNameStays) {
  const TestDatabase database;
  const auto connection = database.Connect();
  connection->Execute("SET application_name = 'billing'");
  {
    const SessionName name(*connection, "mine");
    EXPECT_EQ(ValueOf(*connection, "SHOW application_name"), "billing");
  }
  EXPECT_EQ(ValueOf(*connection, "SHOW application_name"), "billing");
}

TEST(SessionNameTest, InATransactionItEndsWithTheTransaction) {
  const TestDatabase database;
  const auto connection = database.Connect();
  connection->Execute("SET application_name = ''");
  connection->Begin();
  const SessionName name(*connection, "mine");
  EXPECT_EQ(ValueOf(*connection, "SHOW application_name"), "mine");
  connection->Commit();
  EXPECT_EQ(ValueOf(*connection, "SHOW application_name"), "");
}

}  // namespace
}  // namespace memstack::pg
