#include "cli/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "cli/report_output.h"
#include "cli/revision_list.h"
#include "config/loader.h"
#include "migrate/commands.h"

namespace memstack::cli {
namespace {

class CommandRun {
 public:
  CommandRun(const Invocation& invocation, Host& host)
      : invocation_(invocation),
        output_(invocation.json, [&host] { host.FlushPython(); }),
        settings_(LoadSettings()),
        script_host_(host.MakeScriptHost(settings_, invocation)) {}

  // Throws nothing but Error.
  void Execute() {
    try {
      ExecuteCommand();
    } catch (const Error&) {
      throw;
    } catch (...) {
      throw script_host_->ErrorOf(std::current_exception());
    }
  }

 private:
  void ExecuteCommand() {
    const std::string& command = invocation_.command;
    if (invocation_.sql) return output_.Write(Script());
    if (command == "upgrade" || command == "downgrade" || command == "stamp") return Change();
    if (command == "status") return ShowStatus();
    if (command == "current") return ShowCurrent();
    if (command == "heads") {
      return Print(
          HeadsList(migrate::LoadGraph(settings_, *script_host_), invocation_.resolve_dependencies, Style()));
    }
    ShowHistory();
  }

  config::Settings LoadSettings() const {
    config::LoadRequest request;
    request.working_directory = std::filesystem::current_path();
    request.config_files = invocation_.config_files;
    request.ini_section = invocation_.section;
    request.url = invocation_.url;
    request.x_arguments = invocation_.x_arguments;
    request.environment = config::ProcessEnvironment();
    return config::Load(request);
  }

  ListStyle Style() const { return {.verbose = invocation_.verbose, .json = invocation_.json}; }

  void Print(const std::string& text) {
    if (invocation_.quiet) return;
    output_.Write(text);
  }

  migrate::Project LoadProject() { return migrate::LoadProject(settings_, *script_host_); }

  migrate::CommandOptions Options() const {
    migrate::CommandOptions options;
    options.tag = invocation_.tag;
    options.purge = invocation_.purge;
    options.lock.timeout = settings_.lock_timeout;
    if (invocation_.lock_timeout) {
      options.lock.timeout =
          std::chrono::milliseconds(static_cast<int64_t>(*invocation_.lock_timeout * 1000));
    }
    return options;
  }

  void Change() {
    const migrate::Project project = LoadProject();
    migrate::RunReport report;
    try {
      if (invocation_.command == "upgrade") {
        migrate::Upgrade(project, *script_host_, invocation_.targets.front(), Options(), report);
      } else if (invocation_.command == "downgrade") {
        migrate::Downgrade(project, *script_host_, invocation_.targets.front(), Options(), report);
      } else {
        migrate::Stamp(project, *script_host_, invocation_.targets, Options(), report);
      }
    } catch (const Error&) {
      // What was tried, and what became of it; without a plan, or before any database was reached, the error
      // says all there is.
      if (!report.databases.empty() && !report.nothing_to_do()) PrintReport(report);
      throw;
    }
    PrintReport(report);
  }

  std::string Script() {
    const migrate::Project project = LoadProject();
    if (invocation_.command == "upgrade") {
      return migrate::UpgradeScript(project, *script_host_, invocation_.targets.front(), invocation_.tag);
    }
    if (invocation_.command == "downgrade") {
      return migrate::DowngradeScript(project, *script_host_, invocation_.targets.front(), invocation_.tag);
    }
    return migrate::StampScript(project, *script_host_, invocation_.targets, invocation_.tag);
  }

  void PrintReport(const migrate::RunReport& report) {
    Print(invocation_.json ? migrate::ToJson(report) + "\n" : migrate::ToText(report));
  }

  void ShowStatus() {
    const migrate::StatusReport report = migrate::Status(LoadProject(), *script_host_);
    Print(invocation_.json ? migrate::ToJson(report) + "\n" : migrate::ToText(report));
  }

  void ShowCurrent() {
    const migrate::Project project = LoadProject();
    const migrate::StatusReport status = migrate::Status(project, *script_host_);
    bool at_heads = true;
    std::string text;
    for (const migrate::DatabaseStatus& database : status.databases) {
      at_heads = at_heads && database.current == status.heads;
      if (!invocation_.json) text += CurrentList(project.history.graph(), database.current, Style());
    }
    Print(invocation_.json ? CurrentList(project.history.graph(), status.current(), Style()) : text);
    if (invocation_.check_heads && !at_heads) {
      throw Error(ErrorCode::kVersionTable, "the database is not on all head revisions")
          .Hint("run: memstack-migrate upgrade heads");
    }
  }

  void ShowHistory() {
    const bool needs_database =
        invocation_.indicate_current || invocation_.rev_range.find("current") != std::string::npos;
    if (!needs_database) {
      return Print(
          HistoryList(migrate::LoadGraph(settings_, *script_host_), invocation_.rev_range, {}, Style()));
    }
    const migrate::Project project = LoadProject();
    Print(HistoryList(project.history.graph(), invocation_.rev_range,
                      migrate::Status(project, *script_host_).current(), Style()));
  }

  const Invocation& invocation_;
  ReportOutput output_;
  const config::Settings settings_;
  const std::unique_ptr<migrate::ScriptHost> script_host_;
};

int Fail(const Error& error, bool json) {
  if (json) {
    std::fputs(ErrorJson(error).c_str(), stderr);
  } else {
    std::fputs(("error: " + error.Describe() + "\n").c_str(), stderr);
  }
  return error.exit_code();
}

}  // namespace

int Run(const std::string& program, const std::vector<std::string>& arguments, Host& host) {
  bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  bool raise_errors = false;
  try {
    const ParseOutcome parsed = ParseCommandLine(program, arguments);
    if (!parsed.invocation) {
      WriteStandardOutput(parsed.text);
      return 0;
    }
    json = parsed.invocation->json;
    raise_errors = parsed.invocation->raise_errors;
    if (parsed.invocation->is_alembics) return host.RunAlembic(*parsed.invocation);
    if (parsed.invocation->command == "parity") return host.RunParity(*parsed.invocation);
    CommandRun(*parsed.invocation, host).Execute();
    return 0;
  } catch (const Error& error) {
    host.FlushPython();
    if (raise_errors) host.PrintTraceback();
    return Fail(error, json);
  }
}

}  // namespace memstack::cli
