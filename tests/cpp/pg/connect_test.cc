#include "pg/connect.h"

#include "pg/connection.h"
#include "pg/expect_error.h"
#include "pg/test_server.h"

namespace memstack::pg {
namespace {

constexpr const char* kPassword = "hunter22";

class ConnectTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!TestServer::Instance().is_own()) GTEST_SKIP() << "needs a server whose rules are known";
  }
  // Later values win, so `changes` go over the parameters that would work.
  static void ExpectFailure(const ConnectionParameters& changes, const std::string& what,
                            const std::string& place) {
    ConnectionParameters parameters = TestServer::Instance().parameters();
    parameters.insert(parameters.end(), changes.begin(), changes.end());
    const auto error = ExpectError(ErrorCode::kConnection, what, [&] { Connection::Open(parameters); });
    ASSERT_TRUE(error);
    EXPECT_NE(std::string(error->what()).find(place), std::string::npos) << error->what();
    EXPECT_FALSE(error->hint().empty());
    EXPECT_EQ(error->Describe().find(kPassword), std::string::npos) << error->Describe();
  }
  static ConnectionParameters WithPassword(ConnectionParameters parameters) {
    parameters.emplace_back("password", kPassword);
    return parameters;
  }
};

TEST_F(ConnectTest, EveryCauseIsNamedWithItsPlaceAndWithoutThePassword) {
  const std::string port = TestServer::Instance().port();
  ExpectFailure(WithPassword({{"host", "127.0.0.1"}, {"port", "1"}}), "connection refused", "127.0.0.1:1");
  ExpectFailure(WithPassword({{"host", "no-such-host.invalid"}}), "host name is not known",
                "no-such-host.invalid");
  ExpectFailure(WithPassword({{"host", "/nonexistent"}}), "there is no such socket",
                "the socket in /nonexistent");
  ExpectFailure(WithPassword({{"user", "with_password"}}), "refused the password", "user \"with_password\"");
  ExpectFailure({{"user", "with_password"}, {"passfile", "/dev/null"}}, "none was given",
                "user \"with_password\"");
  ExpectFailure(WithPassword({{"user", "nobody_here"}}), "does not know the user", "user \"nobody_here\"");
  ExpectFailure(WithPassword({{"dbname", "missing"}}), "the database does not exist", "database \"missing\"");
  ExpectFailure(WithPassword({{"host", "127.0.0.1"}, {"sslmode", "require"}}), "does not speak it",
                "127.0.0.1:" + port);
  ExpectFailure(WithPassword({{"sslmode", "nonsense"}}), "value that libpq does not accept", "socket in");
  ExpectFailure(WithPassword({{"no_such_option", "1"}}), "not known to libpq", "");
}

TEST_F(ConnectTest, AHostThatHoldsThePasswordIsBlottedOut) {
  // postgresql://user:pass@hunter22@host, read in the wrong way
  ExpectFailure(WithPassword({{"host", "hunter22@localhost.invalid"}}), "***", "***@localhost.invalid");
}

TEST_F(ConnectTest, TheRightPasswordAndTcpWork) {
  ConnectionParameters parameters = TestServer::Instance().parameters();
  parameters.emplace_back("host", "127.0.0.1");
  parameters.emplace_back("user", "with_password");
  parameters.emplace_back("password", "right password");
  const auto connection = Connection::Open(parameters);
  EXPECT_EQ(connection->user(), "with_password");
  EXPECT_EQ(connection->host(), "127.0.0.1");
}

TEST_F(ConnectTest, TheNextHostOfAListIsTried) {
  const std::string port = TestServer::Instance().port();
  ConnectionParameters parameters = TestServer::Instance().parameters();
  parameters.emplace_back("host", "127.0.0.1,127.0.0.1");
  parameters.emplace_back("port", "1," + port);
  EXPECT_EQ(Connection::Open(parameters)->port(), port);
}

TEST_F(ConnectTest, OtherClientEncodingsAreOverruled) {
  ConnectionParameters parameters = TestServer::Instance().parameters();
  parameters.emplace_back("client_encoding", "LATIN1");
  EXPECT_EQ(Connection::Open(parameters)->server_parameter("client_encoding"), "UTF8");
}

TEST(ConnectFailureTest, CausesAreReadFromWhatWasSaid) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"connection to server at \"h\" (::1), port 5432 failed: timeout expired", "did not answer in time"},
      {"connection failed: FATAL:  the database system is starting up", "starting up"},
      {"FATAL:  sorry, too many clients already", "no free connection"},
      {"FATAL:  no pg_hba.conf entry for host \"1.2.3.4\", user \"u\", database \"d\", SSL off", "from here"},
      {"root certificate file \"/x/root.crt\" does not exist", "certificate"},
      {"could not open certificate file \"/x\": No such file or directory", "certificate"},
      {"server closed the connection unexpectedly\n\tThis probably means ...", "closed the connection"},
      {"FATAL:  le mot de passe ...", "see what was said"},
  };
  for (const auto& [said, what] : cases) {
    const Error error = ConnectFailure("h:5432", said, "");
    EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace memstack::pg
