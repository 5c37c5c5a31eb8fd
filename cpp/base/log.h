// Logging of the engine: named loggers, one process-wide sink.
//
// spdlog does the work and is seen by base/ alone. The native program's sink is standard error; under Python
// binding/ sets a sink that hands each record to `logging`, under the same logger name, so that an existing
// [loggers] section keeps showing what it showed under Alembic.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string_view>

namespace memstack {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// The logger that Alembic's own migration messages use; existing logging configurations name it.
inline constexpr std::string_view kMigrationLogger = "alembic.runtime.migration";
// Everything that Alembic would not have said.
inline constexpr std::string_view kEngineLogger = "memstack_migrate";

using LogSink = std::function<void(LogLevel, std::string_view logger, std::string_view message)>;

// Replaces the sink of all loggers; an empty function restores the default, warnings and errors to standard
// error. The sink is called on the logging thread and with no lock held, since it may have to take the GIL:
// it must itself be safe to call from several threads. Not to be called while another thread logs.
void SetLogSink(LogSink sink);

void Log(LogLevel level, std::string_view logger, std::string_view message);

template <typename... Args>
void LogInfo(std::string_view logger, fmt::format_string<Args...> format, Args&&... args) {
  Log(LogLevel::kInfo, logger, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void LogWarning(std::string_view logger, fmt::format_string<Args...> format, Args&&... args) {
  Log(LogLevel::kWarning, logger, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace memstack
