#include "cli/report_output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace memstack::cli {

namespace {

// 0, or the errno of what went wrong.
int TryWrite(std::string_view text) {
  const bool is_written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return is_written ? 0 : errno;
}

void ThrowUnlessWritten(int problem) {
  if (problem == 0 || problem == EPIPE) return;
  throw Error(ErrorCode::kOutput,
              fmt::format("standard output cannot be written: {}", std::strerror(problem)))
      .Hint("what the command did to the database stands; see: memstack-migrate status");
}

}  // namespace

void WriteStandardOutput(std::string_view text) {
  ThrowUnlessWritten(TryWrite(text));
}

ReportOutput::ReportOutput(bool is_exclusive, std::function<void()> flush_others)
    : flush_others_(std::move(flush_others)) {
  if (!is_exclusive) return;
  Flush();
  // Fails where a stream is closed; then there is nothing to keep apart.
  standard_output_ = dup(STDOUT_FILENO);
  if (standard_output_ >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    close(standard_output_);
    standard_output_ = -1;
  }
}

ReportOutput::~ReportOutput() {
  if (standard_output_ < 0) return;
  Flush();
  dup2(standard_output_, STDOUT_FILENO);
  close(standard_output_);
}

void ReportOutput::Write(std::string_view text) {
  Flush();
  if (standard_output_ >= 0) dup2(standard_output_, STDOUT_FILENO);
  const int problem = TryWrite(text);
  if (standard_output_ >= 0) dup2(STDERR_FILENO, STDOUT_FILENO);
  ThrowUnlessWritten(problem);
}

void ReportOutput::Flush() noexcept {
  try {
    flush_others_();
  } catch (const std::exception& error) {
    LogWarning(kEngineLogger, "standard output could not be flushed: {}", error.what());
  }
  std::fflush(stdout);
}

}  // namespace memstack::cli
