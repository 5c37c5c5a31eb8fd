#include "program/native_host.h"

#include <cstdio>

namespace memstack::program {
namespace {

[[noreturn]] void LeaveToPython() {
  throw NeedsPython{AskInterpreter(LocateInterpreter(SearchOfThisProcess()))};
}

class AbsentScriptHost final : public migrate::ScriptHost {
 public:
  void RunEnvironment(const migrate::EnvironmentRequest&, const migrate::MigrateFunction&) override {
    LeaveToPython();
  }
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

std::unique_ptr<migrate::ScriptHost> NativeHost::MakeScriptHost(const config::Settings&,
                                                                const cli::Invocation&) {
  return std::make_unique<AbsentScriptHost>();
}

int NativeHost::RunAlembic(const cli::Invocation&) {
  LeaveToPython();
}

void NativeHost::FlushPython() {
  for (const std::string& message : std::exchange(held_warnings_, {})) {
    std::fputs((message + "\n").c_str(), stderr);
  }
}

}  // namespace memstack::program
