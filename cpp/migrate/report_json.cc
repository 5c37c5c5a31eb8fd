#include <nlohmann/json.hpp>

#include "migrate/report.h"

namespace memstack::migrate {
namespace {

using Json = nlohmann::ordered_json;

// A value that is not UTF-8 (a path, a message) must not make the report impossible.
std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Json StepJson(const StepReport& step) {
  return {{"revision", step.revision},
          {"down_revisions", step.down_revisions},
          {"direction", step.direction},
          {"message", step.message},
          {"file", step.file},
          {"state", StepStateName(step.state)},
          {"has_kept_part", step.has_kept_part},
          {"duration", step.duration.count()}};
}

Json StepsJson(const std::vector<StepReport>& steps) {
  Json list = Json::array();
  for (const StepReport& step : steps) list.push_back(StepJson(step));
  return list;
}

Json RunJson(const DatabaseRun& run) {
  return {{"database", run.database},
          {"version_table", run.version_table},
          {"driver", run.driver},
          {"driver_reason", run.driver_reason},
          {"heads_before", run.heads_before},
          {"heads_after", run.heads_after},
          {"heads_known", run.heads_known},
          {"is_in_doubt", run.is_in_doubt},
          {"is_callers_transaction", run.is_callers_transaction},
          {"steps", StepsJson(run.steps)},
          {"native_operations", run.operations.native},
          {"library_operations", run.operations.library},
          {"library_reasons", run.operations.library_reasons},
          {"lock_wait", run.lock_wait.count()},
          {"lock_holder", run.lock_holder}};
}

}  // namespace

std::string ToJson(const RunReport& report) {
  Json databases = Json::array();
  for (const DatabaseRun& run : report.databases) databases.push_back(RunJson(run));
  return Dump({{"command", report.command},
               {"target", report.target},
               {"nothing_to_do", report.nothing_to_do()},
               {"databases", databases},
               {"environment_ran", report.environment_ran},
               {"environment_time", report.environment_time.count()},
               {"duration", report.duration.count()}});
}

std::string ToJson(const StatusReport& report) {
  Json databases = Json::array();
  for (const DatabaseStatus& status : report.databases) {
    databases.push_back({{"database", status.database},
                         {"version_table", status.version_table},
                         {"current_revisions", status.current},
                         {"pending", StepsJson(status.pending)},
                         {"unknown_revisions", status.unknown}});
  }
  return Dump({{"databases", databases},
               {"current_revisions", report.current()},
               {"head_revisions", report.heads},
               {"total_revisions", report.total_revisions},
               {"needs_upgrade", report.needs_upgrade()},
               {"pending", StepsJson(report.pending())},
               {"unknown_revisions", report.unknown()}});
}

}  // namespace memstack::migrate
