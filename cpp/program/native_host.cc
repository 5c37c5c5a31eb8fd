#include "program/native_host.h"

#include <algorithm>
#include <cstdio>

#include "config/loader.h"

namespace memstack::program {
namespace {

// `python -m memstack_migrate` starts the server of each such variable and puts its address in its place:
// env.py may take its database from there, so that a native look at another one would not be the whole truth.
bool NamesEmbeddedServer(const std::vector<std::pair<std::string, std::string>>& variables) {
  return std::any_of(variables.begin(), variables.end(),
                     [](const auto& variable) { return variable.second.starts_with("embedded:"); });
}

[[noreturn]] void LeaveToPython() {
  throw NeedsPython{AskInterpreter(LocateInterpreter(SearchOfThisProcess()))};
}

class AbsentScriptHost final : public migrate::ScriptHost {
 public:
  void RunEnvironment(const migrate::EnvironmentRequest&, const migrate::MigrateFunction&) override {
    LeaveToPython();
  }
  std::string WriteScript(const migrate::EnvironmentRequest&, const migrate::MigrateFunction&) override {
    LeaveToPython();
  }
  // What comes out of a command here is ours: NeedsPython goes on to main.
  Error ErrorOf(const std::exception_ptr& exception) override { std::rethrow_exception(exception); }
  revision::Header ImportHeader(const std::string&) override { LeaveToPython(); }
  std::string LocateScripts(const std::string&) override { LeaveToPython(); }
  std::string StartEmbedded(const std::string&) override { LeaveToPython(); }
};

}  // namespace

NativeHost::NativeHost() {
  // As logging.lastResort: warnings and worse, the bare message.
  SetLogSink([this](LogLevel level, std::string_view, std::string_view message) {
    if (level == LogLevel::kWarning || level == LogLevel::kError) held_warnings_.emplace_back(message);
  });
}

NativeHost::~NativeHost() {
  SetLogSink(nullptr);
}

std::unique_ptr<migrate::ScriptHost> NativeHost::MakeScriptHost(const config::Settings& settings,
                                                                const cli::Invocation&) {
  if (settings.url && NamesEmbeddedServer(config::ProcessVariables())) LeaveToPython();
  return std::make_unique<AbsentScriptHost>();
}

int NativeHost::RunAlembic(const cli::Invocation&) {
  LeaveToPython();
}

int NativeHost::RunParity(const cli::Invocation&) {
  LeaveToPython();
}

void NativeHost::FlushPython() {
  for (const std::string& message : std::exchange(held_warnings_, {})) {
    std::fputs((message + "\n").c_str(), stderr);
  }
}

}  // namespace memstack::program
