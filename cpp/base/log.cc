#include "base/log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <memory>
#include <string>
#include <utility>

namespace memstack {
namespace {

LogLevel FromSpdlog(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug:
      return LogLevel::kDebug;
    case spdlog::level::info:
      return LogLevel::kInfo;
    case spdlog::level::warn:
      return LogLevel::kWarning;
    default:
      return LogLevel::kError;
  }
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// null_mutex: the function may take the GIL, and a thread that holds the GIL may be about to log.
class FunctionSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit FunctionSink(LogSink function) : function_(std::move(function)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& record) override {
    function_(FromSpdlog(record.level), {record.logger_name.data(), record.logger_name.size()},
              {record.payload.data(), record.payload.size()});
  }
  void flush_() override {}

 private:
  LogSink function_;
};

spdlog::sink_ptr DefaultSink() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_pattern("%l: %v");
  sink->set_level(spdlog::level::warn);
  return sink;
}

spdlog::sink_ptr& CurrentSink() {
  static spdlog::sink_ptr sink = DefaultSink();
  return sink;
}

}  // namespace

void SetLogSink(LogSink sink) {
  CurrentSink() = sink ? std::make_shared<FunctionSink>(std::move(sink)) : DefaultSink();
}

void Log(LogLevel level, std::string_view logger, std::string_view message) {
  spdlog::logger target(std::string(logger), CurrentSink());
  target.set_level(spdlog::level::debug);
  target.log(ToSpdlog(level), spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace memstack
