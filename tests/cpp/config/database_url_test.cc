#include "config/database_url.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/error.h"

namespace memstack::config {
namespace {

std::string Joined(const DatabaseUrl& url) {
  std::string out;
  for (const auto& [keyword, value] : url.parameters())
    out += (out.empty() ? "" : " ") + (keyword + "=" + value);
  return out;
}

TEST(DatabaseUrlTest, FormsAndTheirParameters) {
  const std::pair<std::string, std::string> cases[] = {
      {"postgresql+asyncpg://u:p%40s@h:5433/d?ssl=require",
       "host=h port=5433 dbname=d user=u password=p@s sslmode=require"},
      {"postgresql://u@[::1]:5432/d", "host=::1 port=5432 dbname=d user=u"},
      {"postgresql:///d?host=/run/pg", "dbname=d host=/run/pg"},
      {"postgresql://%2Frun%2Fpg/d", "host=/run/pg dbname=d"},
      {"postgresql:///d?host=a:1&host=b:2", "dbname=d host=a,b port=1,2"},
      {"postgresql:///d?host=a,b&port=1,2", "dbname=d host=a,b port=1,2"},
      {"postgresql://a:1,b:2/d", "host=a,b port=1,2 dbname=d"},
      {"postgresql:///?service=app", "service=app"},
      {"postgres://h/d", "host=h dbname=d"},
      {"postgresql://h/d?ssl=verify_full&prepared_statement_cache_size=0",
       "host=h dbname=d sslmode=verify-full"},
      {"postgresql+pg8000:///d?unix_sock=/tmp/.s.PGSQL.5433", "dbname=d host=/tmp port=5433"},
      {"postgresql://h/d?timeout=1.5&database=e", "host=h dbname=e connect_timeout=2"},
      {"host=h password='a \\'b' dbname = d", "host=h password=a 'b dbname=d"}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(Joined(DatabaseUrl::Parse(text)), expected) << text;
  EXPECT_EQ(DatabaseUrl::Parse("postgresql+asyncpg://h/d").driver(), "asyncpg");
}

TEST(DatabaseUrlTest, EmbeddedIsItsOwnKind) {
  const DatabaseUrl url = DatabaseUrl::Parse("embedded:///var/a%20b");
  EXPECT_EQ(url.kind(), DatabaseKind::kEmbedded);
  EXPECT_EQ(url.embedded_path(), "/var/a b");
}

TEST(DatabaseUrlTest, RefusalsSayWhatItIsAndHideThePassword) {
  const std::pair<std::string, std::string> cases[] = {
      {"mysql+pymysql://u:hunter2@h/d", "MySQL"},
      {"sqlite:///x.db", "SQLite"},
      {"cockroachdb://h", "CockroachDB"},
      {"", "empty"},
      {"u:hunter2@h/d", "cannot read"},
      {"postgresql://u:hunter2@x@h/d", "second '@'"},
      {"postgresql://u:hunter2/d", "port"},
      {"postgresql://h:/d", "port"},
      {"postgresql://h:70000/d", "port"},
      {"postgresql://u:hunter2@h/d\n", "line break"},
      {"postgresql://[::1/d", "not closed"},
      {"postgresql://h/d%FF", "UTF-8"},
      {"postgresql://h/d?sslmod=require", "'sslmod'"},
      {"postgresql://h/d?password=a&hunter2=b", "unknown key"},
      {"postgresql://h/d?sslmode=a&sslmode=b", "2 times"},
      {"postgresql://h/d?host=a,b&port=1,2,3", "differ"},
      {"postgresql://h/d?ssl=maybe", "'ssl'"},
      {"host=h password=a hunter2=b", "has to be quoted"},
      {"embedded://relative", "absolute"}};
  for (const auto& [text, phrase] : cases) {
    try {
      DatabaseUrl::Parse(text);
      ADD_FAILURE() << "accepted: " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kDatabaseUrl);
      EXPECT_NE(error.Describe().find(phrase), std::string::npos) << error.Describe();
      EXPECT_EQ(error.Describe().find("hunter2"), std::string::npos) << error.Describe();
      EXPECT_FALSE(error.hint().empty()) << text;
    }
  }
}

TEST(DatabaseUrlTest, AMistypedKeyIsToldItsNeighbour) {
  try {
    DatabaseUrl::Parse("postgresql://h/d?sslmod=require");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("'sslmode'"), std::string::npos) << error.hint();
  }
}

TEST(DatabaseUrlTest, RedactedKeepsThePlaceAndDropsSecrets) {
  const DatabaseUrl url =
      DatabaseUrl::Parse("postgresql+asyncpg://u:pw@h:1/d?sslmode=allow&sslpassword=k&options=-cx%3Dy");
  EXPECT_EQ(url.Redacted(), "postgresql+asyncpg://u:***@h:1/d?sslmode=allow&sslpassword=***&options=***");
  EXPECT_EQ(DatabaseUrl::Parse("postgresql:///d?host=a,b&port=1,2").Redacted(),
            "postgresql:///d?host=a,b&port=1,2");
}

TEST(DatabaseUrlTest, MutatedUrlsAreReadOrRefusedButNothingElse) {
  std::mt19937 random(20240602);
  const std::string seed =
      "postgresql+asyncpg://u:p%40s@[::1]:5432,b:1/d?host=a:1&host=b&ssl=true&options=x+y";
  for (int i = 0; i < 50000; ++i) {
    std::string text = seed;
    for (unsigned n = random() % 6; n > 0; --n) {
      const size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = static_cast<char>(random());
      } else {
        text.erase(at, random() % 5);
        text += '=';
      }
    }
    try {
      DatabaseUrl::Parse(text).Redacted();
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kDatabaseUrl);
    }
  }
}

}  // namespace
}  // namespace memstack::config
