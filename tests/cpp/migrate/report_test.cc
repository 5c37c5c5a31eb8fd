#include "migrate/report.h"

#include <gtest/gtest.h>

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
  report.why_not_quick = "set `url`";
  EXPECT_NE(
      ToText(report).find("note: env.py had to be run to find the database, which took 700 ms: set `url`\n"),
      std::string::npos);
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
  EXPECT_TRUE(RunReport().nothing_to_do());
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
  run.operations = {.native = 2, .library = 1, .library_reasons = {{"create_table: listeners", 1}}};
  EXPECT_EQ(ToJson(Report(run)), R"({
  "command": "upgrade",
  "target": "head",
  "nothing_to_do": false,
  "databases": [
    {
      "database": "app on host:5432",
      "version_table": "alembic_version",
      "heads_before": [],
      "heads_after": [
        "a"
      ],
      "steps": [
        {
          "revision": "a",
          "down_revisions": [],
          "direction": "upgrade",
          "message": "� not UTF-8",
          "file": "a.py",
          "state": "rolled_back",
          "duration": 12.4
        }
      ],
      "native_operations": 2,
      "library_operations": 1,
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

TEST(StatusReportTest, SaysWhatIsToRun) {
  StatusReport report;
  report.database = "app on host:5432";
  report.current = {"a"};
  report.heads = {"b"};
  report.total_revisions = 2;
  report.pending = {Step("b", {"a"}, StepState::kPending)};
  EXPECT_TRUE(report.needs_upgrade());
  EXPECT_EQ(ToText(report),
            "database:  app on host:5432\ncurrent:   a\nhead:      b\nrevisions: 2\nstatus:    1 to run:\n"
            "  a -> b  message of b\n");
  EXPECT_NE(ToJson(report).find(R"("needs_upgrade": true)"), std::string::npos);
  report.pending.clear();
  EXPECT_NE(ToText(report).find("status:    up to date\n"), std::string::npos);
}

TEST(StatusReportTest, ADatabaseAheadOfTheFilesIsNotUpToDate) {
  StatusReport report;
  report.unknown = {"x"};
  EXPECT_EQ(ToText(report),
            "current:   <base>\nhead:      <base>\nrevisions: 0\n"
            "unknown:   x is in the version table, but no revision file has it\n"
            "status:    the database may be ahead of this code\n");
  EXPECT_FALSE(report.needs_upgrade());
}

}  // namespace
}  // namespace memstack::migrate
