#include "config/loader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "base/error.h"

namespace memstack::config {
namespace {

namespace fs = std::filesystem;

class LoaderTest : public testing::Test {
 protected:
  LoaderTest() {
    root_ = fs::temp_directory_path() / ("memstack-loader-" + std::to_string(getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "scripts" / "versions");
    Write("scripts/env.py", "");
  }
  ~LoaderTest() override { fs::remove_all(root_); }

  void Write(const std::string& name, const std::string& text) const { std::ofstream(root_ / name) << text; }
  void WriteIni(const std::string& more) const {
    Write("alembic.ini", "[alembic]\nscript_location = %(here)s/scripts\n" + more);
  }

  LoadRequest Request() const {
    LoadRequest request;
    request.working_directory = root_;
    request.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    };
    return request;
  }

  Error FailureOf(const LoadRequest& request) const {
    try {
      Load(request);
    } catch (const Error& error) {
      EXPECT_FALSE(error.hint().empty()) << error.what();
      return error;
    }
    ADD_FAILURE() << "loaded";
    return Error(ErrorCode::kInternal, "");
  }
  void ExpectRefused(const std::string& phrase) const {
    const Error error = FailureOf(Request());
    EXPECT_EQ(error.code(), ErrorCode::kConfiguration);
    EXPECT_NE(error.Describe().find(phrase), std::string::npos) << error.Describe();
  }

  fs::path root_;
  std::map<std::string, std::string> variables_;
};

TEST_F(LoaderTest, NoConfigurationSaysWhereItLooked) {
  ExpectRefused((root_ / "alembic.ini").string());
  ExpectRefused((root_ / "pyproject.toml").string());
}

TEST_F(LoaderTest, MissingPartsOfTheScriptsAreNamed) {
  Write("alembic.ini", "[alembic]\n");
  ExpectRefused("no 'script_location'");
  Write("alembic.ini", "[other]\n");
  ExpectRefused("no section [alembic]");
  Write("alembic.ini", "[alembic]\nscript_location = nowhere\n");
  ExpectRefused("does not exist");
  Write("alembic.ini", "[alembic]\nscript_location = alembic.ini\n");
  ExpectRefused("not a directory");
  WriteIni("");
  fs::remove_all(root_ / "scripts" / "versions");
  ExpectRefused("no directory with revision files");
  fs::remove(root_ / "scripts" / "env.py");
  ExpectRefused("holds no env.py");
}

TEST_F(LoaderTest, FilesNamedByTheUserMustExist) {
  WriteIni("");
  LoadRequest request = Request();
  request.config_files = {"other.ini"};
  EXPECT_NE(FailureOf(request).Describe().find("other.ini"), std::string::npos);
  variables_["ALEMBIC_CONFIG"] = "gone.ini";
  ExpectRefused("ALEMBIC_CONFIG");
  request.config_files = {"alembic.ini", "x.ini"};
  EXPECT_EQ(FailureOf(request).code(), ErrorCode::kUsage);
}

TEST_F(LoaderTest, TheUrlComesFromTheNearestSource) {
  WriteIni("sqlalchemy.url = driver://x\n");
  Write("pyproject.toml", "[tool.memstack_migrate]\nurl = \"postgresql://p/${DB:-d}\"\n");
  EXPECT_EQ(Load(Request()).url->text(), "postgresql://p/d");
  WriteIni("[memstack_migrate]\nurl = postgresql://i/${DB}\n");
  const Settings unset = Load(Request());
  EXPECT_THROW(unset.url->text(), Error);
  variables_["DB"] = "x";
  EXPECT_EQ(Load(Request()).url->text(), "postgresql://i/x");
  variables_["MEMSTACK_MIGRATE_URL"] = "postgresql://e";
  EXPECT_EQ(Load(Request()).url->source(), UrlSource::kEnvironment);
  LoadRequest request = Request();
  request.url = "postgresql://a";
  EXPECT_EQ(Load(request).url->text(), "postgresql://a");
}

TEST_F(LoaderTest, SqlalchemyUrlIsNeverTheAddress) {
  WriteIni("sqlalchemy.url = postgresql://u:%(x)s@h/d\n");
  const Settings settings = Load(Request());
  EXPECT_FALSE(settings.url.has_value());
  EXPECT_EQ(settings.sqlalchemy_url, "postgresql://u:%(x)s@h/d");
}

TEST_F(LoaderTest, OwnSettingsAreReadAndMistakesInThemNamed) {
  WriteIni("[memstack_migrate]\nversion_table = v\nlock_timeout = 7\npooler = transaction\n");
  const Settings settings = Load(Request());
  EXPECT_EQ(settings.version_table, "v");
  EXPECT_EQ(settings.lock_timeout, std::chrono::seconds(7));
  EXPECT_EQ(settings.pooler, Pooler::kTransaction);
  WriteIni("[memstack_migrate]\nlock_timout = 7\n");
  ExpectRefused("'lock_timeout'");
  WriteIni("[memstack_migrate]\nlock_timeout = soon\n");
  ExpectRefused("whole number of seconds");
  WriteIni("[memstack_migrate]\npooler = statement\n");
  ExpectRefused("'session' or 'transaction'");
  WriteIni("[memstack_migrate]\ndriver = psycopg\n");
  ExpectRefused("'engine' or 'project'");
  WriteIni("[memstack_migrate]\ndriver = engine\n");
  EXPECT_FALSE(Load(Request()).uses_projects_driver);
  WriteIni("[memstack_migrate]\ndriver = project\n");
  EXPECT_TRUE(Load(Request()).uses_projects_driver);
}

TEST_F(LoaderTest, PackageResourcesAreLeftToPython) {
  Write("alembic.ini", "[alembic]\nscript_location = pkg:migrations\n");
  const Settings settings = Load(Request());
  EXPECT_TRUE(settings.script_location.needs_python);
  ASSERT_EQ(settings.version_locations.size(), 1U);
  EXPECT_EQ(settings.version_locations.front().text, "pkg:migrations:versions");
  EXPECT_TRUE(settings.version_locations.front().needs_python);
}

TEST_F(LoaderTest, OptionsSetByTheCallerWinAndNeedNoFile) {
  LoadRequest request = Request();
  request.main_options = {{"script_location", "scripts"}, {"sourceless", "true"}};
  const Settings settings = Load(request);
  EXPECT_EQ(settings.script_location.path, root_ / "scripts");
  EXPECT_TRUE(settings.sourceless);
}

TEST_F(LoaderTest, WrongTypesInTomlNameTheKeyAndLine) {
  Write("pyproject.toml",
        "[tool.alembic]\nscript_location = \"%(here)s/scripts\"\nversion_locations = \"a\"\n");
  ExpectRefused("pyproject.toml, line 3");
  Write("pyproject.toml", "[tool.alembic]\nscript_location = \"%(heer)s/scripts\"\n");
  ExpectRefused("neither '%%' nor '%(here)s'");
  Write("pyproject.toml", "[tool.alembic\n");
  ExpectRefused("not valid TOML");
}

}  // namespace
}  // namespace memstack::config
