#include "config/environment_scan.h"

#include <gtest/gtest.h>

#include <string>

namespace memstack::config {
namespace {

constexpr const char* kHead =
    "from alembic import context\n"
    "from sqlalchemy import create_engine, pool\n"
    "from app.settings import url\n"
    "config = context.config\n";
constexpr const char* kOnline =
    "def run_online():\n"
    "    engine = create_engine(url, poolclass=pool.NullPool)\n"
    "    with engine.connect() as connection:\n"
    "        context.configure(connection=connection, target_metadata=None)\n"
    "        with context.begin_transaction():\n"
    "            context.run_migrations()\n";
constexpr const char* kCall = "run_online()\n";

std::string Usual(const std::string& more) {
  return std::string(kHead) + more + kOnline + kCall;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(EnvironmentScanTest, TheUsualFileIsSafe) {
  const std::string harmless[] = {
      "",
      "# version_table, search_path and configure(** in a comment\n",
      "\"\"\"Docstrings may say options and SET ROLE.\"\"\"\n",
      "config.set_main_option(\"sqlalchemy.url\", url.replace(\"%\", \"%%\"))\n",
      "url = url.replace(\"postgresql://\", \"postgresql+asyncpg://\")\n",
      "def include_object(object, name, type_, reflected, compare_to):\n    for prefix in (\"a\", \"b\"):\n"
      "        if name.startswith(prefix):\n            return False\n    return True\n",
      "url = f\"postgresql://{s.user}:{s.password}@{s.host}/{s.name}\"\n",
      "from app.models import Role, User\n"};
  for (const std::string& more : harmless) {
    const ScanResult result = ScanEnvironment(Usual(more));
    EXPECT_TRUE(result.safe) << more << ": " << result.reason;
    EXPECT_FALSE(result.takes_address_from_config);
  }
}

TEST(EnvironmentScanTest, AnAdditionThatMayChangeTheAnswerIsNotSafe) {
  const std::string additions[] = {"kw = {\"version_table\": \"v\"}\n",
                                   "kw = {\"version\" \"_table\": \"v\"}\n",
                                   "kw = {\"version\\x5ftable\": \"v\"}\n",
                                   "kw = {\"version_\\\ntable\": \"v\"}\n",
                                   "sql = \"SET search_path TO a\"\n",
                                   "sql = \"set role app\"\n",
                                   "x = \"options\"\n",
                                   "from sqlalchemy import event\n",
                                   "@listens_for(Engine, \"connect\")\ndef f(c, r):\n    pass\n",
                                   "from app.db import engine\n",
                                   "from app.db import *\n",
                                   "import app.db; from app.x import *\n",
                                   "from app.migrate import context\n",
                                   "import alembic.context\n",
                                   "from alembic import context as c\n",
                                   "from alembic.runtime.migration import MigrationContext\n",
                                   "context = wrap(context)\n",
                                   "go = context.run_migrations\n",
                                   "getattr(context, name)()\n",
                                   "exec(code)\n",
                                   "eval(\"1\")\n",
                                   "__import__(\"x\")\n",
                                   "x = f\"{context.run_migrations()}\"\n",
                                   "x = f\"{d[\"# \"]}\"\n",
                                   "x = f\"}}{a:{b[\"#\"]}}\"\n",
                                   "x = df\"{run()}\"\n",  // a prefix of some later Python
                                   "config.set_main_option(\"version_locations\", \"x\")\n",
                                   "config.set_main_option(key, \"x\")\n",
                                   "config.file_config.set(\"alembic\", \"a\", \"b\")\n",
                                   "connection.execute(statement)\n",
                                   "connection.exec_driver_sql(statement)\n",
                                   "import os\nos.environ[\"PGDATABASE\"] = \"x\"\n",
                                   "url = \"postgresql://localhost/other\"\n",
                                   "url = f\"postgresql://{user}@{host}/other\"\n",
                                   "url = url.set(database=\"other\")\n",
                                   "url = url.set(database=settings.name)\n",
                                   "settings.prepare(connection)\n",
                                   "register(engine)\n",
                                   "held = [connection]\n",
                                   "connection.dialect.default_schema_name = \"x\"\n",
                                   "context.configure(connection=connection)\n",
                                   "context.run_migrations()\ncontext.run_migrations()\n",
                                   "import subprocess\n",
                                   "import sys\nsys.modules[name] = x\n",
                                   "from app.db import get_conn\n",
                                   "engine = app.create_engine(url)\n",
                                   "engine = create_engine(url, poolclass=TenantPool)\n",
                                   "session.exec(statement)\n",
                                   "\xEF\xBD\x83onfigure = 1\n"};
  for (const std::string& more : additions) {
    const ScanResult result = ScanEnvironment(Usual(more));
    EXPECT_FALSE(result.safe) << more;
    EXPECT_FALSE(result.reason.empty());
  }
}

TEST(EnvironmentScanTest, AnotherWayOfRunningIsNotSafe) {
  const std::string calls[] = {"for t in tenants:\n    run_online()\n",
                               "for t in tenants: run_online()\n",
                               "while more():\n    run_online()\n",
                               "[run_online() for t in tenants]\n",
                               "[run_online() or 0for t in tenants]\n",
                               "list(map(run_online, tenants))\n",
                               "run_online()\nrun_online()\n",
                               "go = run_online\ngo()\ngo()\n",
                               "each_tenant(lambda: run_online())\n",
                               "each_tenant(run_online)\n",
                               "def once():\n    run_online()\nfor t in tenants:\n    once()\n",
                               "class Runner:\n    def go(self):\n        run_online()\n",
                               "Thread(target=run_online).start()\n",
                               "executor.submit(run_online)\n",
                               "pass\n"};
  for (const std::string& call : calls) {
    EXPECT_FALSE(ScanEnvironment(std::string(kHead) + kOnline + call).safe) << call;
  }
  EXPECT_FALSE(ScanEnvironment(std::string(kHead) + "@each_tenant\n" + kOnline + kCall).safe);
  EXPECT_FALSE(ScanEnvironment(std::string(kHead) + "@each(\n  1)\n" + kOnline + kCall).safe);
}

TEST(EnvironmentScanTest, ArgumentsThatAreNotKnownToBeHarmlessAreNotSafe) {
  const std::string usual = Usual("");
  EXPECT_FALSE(ScanEnvironment(Replaced(usual, "target_metadata=None", "version_table_schema=\"x\"")).safe);
  EXPECT_FALSE(ScanEnvironment(Replaced(usual, "target_metadata=None", "starting_rev=\"x\"")).safe);
  EXPECT_FALSE(ScanEnvironment(Replaced(usual, "target_metadata=None", "**kw")).safe);
  EXPECT_FALSE(
      ScanEnvironment(Replaced(usual, "connection=connection, target_metadata=None", "connection, a, b"))
          .safe);
  EXPECT_FALSE(ScanEnvironment(Replaced(usual, "poolclass=pool.NullPool", "connect_args={}")).safe);
  EXPECT_FALSE(ScanEnvironment(Replaced(usual, "poolclass=pool.NullPool", "creator=f")).safe);
  EXPECT_FALSE(ScanEnvironment(Replaced(usual, "poolclass=pool.NullPool", "**kw")).safe);
}

TEST(EnvironmentScanTest, AFileThatLeavesTheWorkToOthersIsNotSafe) {
  EXPECT_FALSE(ScanEnvironment("").safe);
  EXPECT_FALSE(ScanEnvironment("from app.migrations import run\nrun()\n").safe);
  EXPECT_FALSE(
      ScanEnvironment(Replaced(Usual(""), "create_engine(url, poolclass=pool.NullPool)", "app.make()")).safe);
  EXPECT_FALSE(ScanEnvironment(Replaced(Usual(""), "context.run_migrations()", "migrate()")).safe);
}

TEST(EnvironmentScanTest, TextThatPythonMayReadOtherwiseIsNotSafe) {
  EXPECT_FALSE(ScanEnvironment("# -*- coding: utf-7 -*-\n" + Usual("")).safe);
  EXPECT_FALSE(ScanEnvironment(Usual("x = '''open\n")).safe);
  EXPECT_FALSE(ScanEnvironment(Usual("x = (\n")).safe);
  EXPECT_FALSE(ScanEnvironment(Usual(std::string("x = 1\0\n", 7))).safe);
  EXPECT_TRUE(ScanEnvironment("# -*- coding: utf-8 -*-\n" + Usual("")).safe);
}

TEST(EnvironmentScanTest, TheAddressIsTheConfigurationsInKnownFormsOnly) {
  const std::string made = "create_engine(url, poolclass=pool.NullPool)";
  const auto takes = [&](const std::string& engine) {
    const ScanResult result = ScanEnvironment(Replaced(Usual(""), made, engine));
    EXPECT_TRUE(result.safe) << engine << ": " << result.reason;
    return result.takes_address_from_config;
  };
  const std::string section = "config.get_section(config.config_ini_section";
  EXPECT_TRUE(
      takes("engine_from_config(" + section + ", {}), prefix=\"sqlalchemy.\", poolclass=pool.NullPool)"));
  EXPECT_TRUE(takes("engine_from_config(" + section + "))"));
  EXPECT_TRUE(takes("async_engine_from_config(configuration=" + section + ") or {}, prefix='sqlalchemy.')"));
  const std::string others[] = {"engine_from_config(" + section + ", {}), prefix=\"app.\")",
                                "engine_from_config(" + section + ", {}), prefix=name)",
                                "engine_from_config(" + section + ", {}), url=url)",
                                "engine_from_config(config.get_section(\"app\"))",
                                "engine_from_config({**" + section + "), **more})",
                                "engine_from_config(mapping)",
                                "create_engine(config.get_main_option(\"app.url\"))"};
  for (const std::string& engine : others) EXPECT_FALSE(takes(engine)) << engine;
  const std::string usual = Replaced(Usual(""), made, "engine_from_config(" + section + "))");
  EXPECT_FALSE(ScanEnvironment(Replaced(usual, "config = context.config", "config = made()"))
                   .takes_address_from_config);
  EXPECT_FALSE(ScanEnvironment(Replaced(usual, "def run_online",
                                        "config.set_main_option(\"sqlalchemy.url\", url)\ndef run_online"))
                   .takes_address_from_config);
}

TEST(EnvironmentScanTest, TheReasonNamesTheLine) {
  const ScanResult result = ScanEnvironment(Usual("x = 1\nconnection.execute(a)\n"));
  EXPECT_EQ(result.line, 6);
  EXPECT_EQ(result.reason, "it uses 'execute'");
}

}  // namespace
}  // namespace memstack::config
