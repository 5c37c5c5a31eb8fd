// Where a command's report goes: standard output, which --json keeps for the report alone.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace memstack::cli {

// Writes the whole text to standard output at once. A pipe that its reader has left is no error, as `| head`
// is not; for any other reason not to be able to write it throws kOutput.
void WriteStandardOutput(std::string_view text);

// While it lives and `is_exclusive`, whatever else is written to standard output (a print() in a revision, a
// program that env.py starts) goes to standard error: a reader of the JSON gets one document. One per process
// at a time.
class ReportOutput {
 public:
  // `flush_others` empties the buffers of whoever else writes to standard output.
  ReportOutput(bool is_exclusive, std::function<void()> flush_others);
  ReportOutput(const ReportOutput&) = delete;
  ReportOutput& operator=(const ReportOutput&) = delete;
  ~ReportOutput();

  void Write(std::string_view text);

 private:
  void Flush() noexcept;

  const std::function<void()> flush_others_;
  int standard_output_ = -1;  // a copy of the descriptor; -1: not exclusive
};

}  // namespace memstack::cli
