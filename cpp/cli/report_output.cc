#include "cli/report_output.h"

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <utility>

#include "base/log.h"

namespace memstack::cli {

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

void ReportOutput::Write(const std::string& text) {
  Flush();
  if (standard_output_ >= 0) dup2(standard_output_, STDOUT_FILENO);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  if (standard_output_ >= 0) dup2(STDERR_FILENO, STDOUT_FILENO);
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
