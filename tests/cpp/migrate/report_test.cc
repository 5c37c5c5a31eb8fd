#include "migrate/report.h"

#include <gtest/gtest.h>

#include <utility>

namespace memstack::migrate {
namespace {

StepReport Step(std::string revision, std::vector<std::string> down, StepState state,
                const std::string& direction = "upgrade") {
  StepReport step;
  step.revision = std::move(revision);
  step.down_revisions = std::move(down);
  step.direction = direction;
  step.message = "message of " + step.revision;
  step.file = step.revision + ".py";
  step.state = state;
  step.duration = Milliseconds(12.4);
  return step;
}

RunReport Report(DatabaseRun run, const std::string& command = "upgrade") {
  RunReport report;
  report.command = command;
  report.target = "head";
  run.database = "app on host:5432";
  run.version_table = "alembic_version";
  run.heads_known = true;
  report.databases.push_back(std::move(run));
  report.duration = Milliseconds(99.6);
  return report;
}

TEST(ReportTest, EachStateIsSaidInWords) {
  DatabaseRun run;
  run.heads_after = {"b"};
  run.steps = {Step("a", {}, StepState::kCommitted), Step("b", {"a"}, StepState::kApplied),
               Step("c", {"b"}, StepState::kRolledBack), Step("d", {"b", "c"}, StepState::kFailed),
               Step("e", {"d"}, StepState::kPending)};
  EXPECT_EQ(ToText(Report(run)),
            "upgrade to head: app on host:5432\n"
            "  ✓ <base> -> a  message of a  (12 ms)\n"
            "  … a -> b  message of b  (ran, not committed by env.py)\n"
            "  ↺ b -> c  message of c  (rolled back)\n"
            "  ✗ b, c -> d  message of d  (failed)\n"
            "  · d -> e  message of e  (not run)\n"
            "  the database is at b (1 of 5 revisions kept)\n"
            "done in 100 ms\n");
}

TEST(ReportTest, ADowngradeIsReadFromAboveDown) {
  DatabaseRun run;
  run.steps = {Step("a", {}, StepState::kCommitted, "downgrade")};
  EXPECT_NE(ToText(Report(run, "downgrade")).find("✓ a -> <base>  message of a"), std::string::npos);
}

TEST(ReportTest, NothingToDoSaysWhereTheDatabaseIs) {
  DatabaseRun run;
  run.heads_after = {"a", "b"};
  RunReport report = Report(run);
  EXPECT_TRUE(report.nothing_to_do());
  EXPECT_EQ(ToText(report),
            "upgrade to head: app on host:5432\n  nothing to do: the database is at a, b\ndone in 100 ms\n");
  report.environment_time = Milliseconds(700);
  report.why_not_quick = "no `url`";
  report.remedy = "set it";
  EXPECT_NE(ToText(report).find("note: env.py had to be run, which took 700 ms: no `url`; set it\n"),
            std::string::npos);
}

TEST(ReportTest, WhatIsNotKnownIsNotClaimed) {
  DatabaseRun run;
  run.steps = {Step("a", {}, StepState::kInDoubt), Step("b", {"a"}, StepState::kFailed)};
  run.steps[1].has_kept_part = true;
  run.is_in_doubt = true;
  EXPECT_EQ(ToText(Report(run)),
            "upgrade to head: app on host:5432\n"
            "  ? <base> -> a  message of a  (in doubt: the connection was lost during COMMIT)\n"
            "  ✗ a -> b  message of b  (failed; what it had committed before is kept)\n"
            "  it is not known where the database stands: see `current`\n"
            "done in 100 ms\n");
  RunReport unread = Report({});
  unread.databases[0].heads_known = false;
  EXPECT_NE(ToText(unread).find("  the version table was not read\n"), std::string::npos);
  EXPECT_FALSE(unread.nothing_to_do());
}

TEST(ReportTest, AWaitForTheLockIsShown) {
  DatabaseRun run;
  run.lock_wait = Milliseconds(1500);
  run.lock_holder = "server process 7";
  EXPECT_NE(ToText(Report(run)).find("  waited 1.5 s for the migration lock, held by server process 7\n"),
            std::string::npos);
}

TEST(ReportTest, AnEnvPyThatRanNoMigrationsIsNoticed) {
  EXPECT_NE(ToText(RunReport()).find("never called context.run_migrations()"), std::string::npos);
  EXPECT_FALSE(RunReport().nothing_to_do()) << "nobody knows";
}

TEST(ReportTest, StepsAreCountedOverAllDatabases) {
  DatabaseRun run;
  run.steps = {Step("a", {}, StepState::kCommitted), Step("b", {"a"}, StepState::kFailed)};
  RunReport report = Report(run);
  report.databases.push_back(report.databases.front());
  EXPECT_EQ(report.StepCount(StepState::kCommitted), 2);
  EXPECT_EQ(report.StepCount(StepState::kPending), 0);
  EXPECT_FALSE(report.nothing_to_do());
}

TEST(ReportTest, JsonHasEverything) {
  DatabaseRun run;
  run.heads_after = {"a"};
  run.steps = {Step("a", {}, StepState::kRolledBack)};
  run.steps[0].message = "\xff not UTF-8";
  run.operations = {.native = {{"execute", 2}},
                    .library = {{"create_table", 1}},
                    .library_reasons = {{"create_table: listeners", 1}}};
  EXPECT_EQ(ToJson(Report(run)), R"({
  "command": "upgrade",
  "target": "head",
  "nothing_to_do": false,
  "databases": [
    {
      "database": "app on host:5432",
      "version_table": "alembic_version",
      "driver": "",
      "driver_reason": "",
      "heads_before": [],
      "heads_after": [
        "a"
      ],
      "heads_known": true,
      "is_in_doubt": false,
      "is_callers_transaction": false,
      "steps": [
        {
          "revision": "a",
          "down_revisions": [],
          "direction": "upgrade",
          "message": "� not UTF-8",
          "file": "a.py",
          "state": "rolled_back",
          "has_kept_part": false,
          "duration": 12.4
        }
      ],
      "native_operations": {
        "execute": 2
      },
      "library_operations": {
        "create_table": 1
      },
      "library_reasons": {
        "create_table: listeners": 1
      },
      "lock_wait": 0.0,
      "lock_holder": ""
    }
  ],
  "environment_ran": false,
  "environment_time": 0.0,
  "duration": 99.6
})");
}

DatabaseStatus Status(const std::string& table, std::vector<std::string> current) {
  DatabaseStatus status;
  status.database = "app on host:5432";
  status.version_table = table;
  status.current = std::move(current);
  return status;
}

TEST(StatusReportTest, SaysWhatIsToRun) {
  StatusReport report;
  report.databases = {Status("alembic_version", {"a"})};
  report.heads = {"b"};
  report.total_revisions = 2;
  report.databases[0].pending = {Step("b", {"a"}, StepState::kPending)};
  EXPECT_TRUE(report.needs_upgrade());
  EXPECT_EQ(ToText(report),
            "database:  app on host:5432\ncurrent:   a\nhead:      b\nrevisions: 2\nstatus:    1 to run:\n"
            "  a -> b  message of b\n");
  EXPECT_NE(ToJson(report).find(R"("needs_upgrade": true)"), std::string::npos);
  report.databases[0].pending.clear();
  EXPECT_NE(ToText(report).find("status:    up to date\n"), std::string::npos);
}

TEST(StatusReportTest, SeveralVersionTablesAreOneAnswer) {
  StatusReport report;
  report.databases = {Status("one", {"b"}), Status("two", {"a", "b"})};
  for (DatabaseStatus& status : report.databases) status.pending = {Step("c", {"b"}, StepState::kPending)};
  EXPECT_EQ(report.current(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(report.pending().size(), 1U) << "each revision once";
  EXPECT_NE(ToText(report).find("status:    1 to run:\n"), std::string::npos);
}

TEST(StatusReportTest, ADatabaseAheadOfTheFilesIsNotUpToDate) {
  StatusReport report;
  report.databases = {Status("app.version", {"x"})};
  report.databases[0].unknown = {"x"};
  EXPECT_EQ(ToText(report),
            "database:  app on host:5432\ncurrent:   x\n"
            "unknown:   x is in the table app.version, but no revision file has it\n"
            "head:      <base>\nrevisions: 0\nstatus:    the database may be ahead of this code\n");
  EXPECT_FALSE(report.needs_upgrade());
}

}  // namespace
}  // namespace memstack::migrate
