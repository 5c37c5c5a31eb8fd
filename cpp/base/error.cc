#include "base/error.h"

#include <fmt/format.h>

#include <utility>

namespace memstack {
namespace {

// One line of a statement and the column (in characters, from 0) of a position in it.
struct StatementLine {
  int number = 1;
  std::string_view text;
  int column = 0;
};

bool IsContinuationByte(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// REQUIRES: position >= 1, counted in UTF-8 characters as the server does.
StatementLine FindLine(std::string_view sql, int position) {
  StatementLine line;
  size_t start = 0;
  int characters = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    if (IsContinuationByte(sql[i])) continue;
    if (++characters == position) break;
    ++line.column;
    if (sql[i] == '\n') {
      ++line.number;
      line.column = 0;
      start = i + 1;
    }
  }
  line.text = sql.substr(start, sql.find('\n', start) - start);
  return line;
}

// A caret is only right under its character when everything before it is one column wide; tabs are kept as
// tabs, every other character counts as one column.
std::string CaretPadding(std::string_view text, int column) {
  std::string padding;
  for (size_t i = 0; i < text.size() && column > 0; ++i) {
    if (IsContinuationByte(text[i])) continue;
    padding += text[i] == '\t' ? '\t' : ' ';
    --column;
  }
  return padding + std::string(static_cast<size_t>(column), ' ');
}

void AppendStatement(std::string& out, const std::string& sql, int position) {
  constexpr size_t kMostLines = 12;
  if (position > 0) {
    const StatementLine line = FindLine(sql, position);
    out += fmt::format("\n  SQL line {}:\n    {}\n    {}^", line.number, line.text,
                       CaretPadding(line.text, line.column));
    return;
  }
  out += "\n  SQL:";
  std::string_view rest = sql;
  for (size_t lines = 0; !rest.empty(); ++lines) {
    if (lines == kMostLines) {
      out += "\n    ...";
      return;
    }
    const size_t end = rest.find('\n');
    if (end != 0) out += fmt::format("\n    {}", rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
}

void AppendField(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out += fmt::format("\n  {}: {}", name, value);
}

}  // namespace

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return "usage";
    case ErrorCode::kConfiguration:
      return "configuration";
    case ErrorCode::kDatabaseUrl:
      return "database_url";
    case ErrorCode::kWrongDatabase:
      return "wrong_database";
    case ErrorCode::kConnection:
      return "connection";
    case ErrorCode::kTarget:
      return "target";
    case ErrorCode::kHistory:
      return "history";
    case ErrorCode::kRevisionFile:
      return "revision_file";
    case ErrorCode::kRevisionFailed:
      return "revision_failed";
    case ErrorCode::kSql:
      return "sql";
    case ErrorCode::kEnvironment:
      return "environment";
    case ErrorCode::kVersionTable:
      return "version_table";
    case ErrorCode::kLockTimeout:
      return "lock_timeout";
    case ErrorCode::kCommitInDoubt:
      return "commit_in_doubt";
    case ErrorCode::kNotCommitted:
      return "not_committed";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kOutput:
      return "output";
    case ErrorCode::kInterpreter:
      return "interpreter";
    case ErrorCode::kInterrupted:
      return "interrupted";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

Error& Error::At(std::string file, int line) {
  place_ = ErrorPlace{std::move(file), line};
  return *this;
}

Error& Error::CalledAt(std::string file, int line) {
  called_place_ = ErrorPlace{std::move(file), line};
  return *this;
}

Error& Error::Revision(std::string revision) {
  revision_ = std::move(revision);
  return *this;
}

Error& Error::Operation(std::string operation) {
  operation_ = std::move(operation);
  return *this;
}

Error& Error::Hint(std::string hint) {
  hint_ = std::move(hint);
  return *this;
}

Error& Error::State(std::string state) {
  state_ = std::move(state);
  return *this;
}

Error& Error::Statement(std::string sql, ServerDiagnostics diagnostics) {
  sql_ = std::move(sql);
  diagnostics_ = std::move(diagnostics);
  return *this;
}

std::string_view Error::sqlstate() const {
  return diagnostics_ ? std::string_view(diagnostics_->sqlstate) : std::string_view();
}

std::string Error::Describe() const {
  std::string out = what();
  if (diagnostics_ && !diagnostics_->sqlstate.empty()) {
    out += fmt::format(" (SQLSTATE {})", diagnostics_->sqlstate);
  }
  AppendField(out, "revision", revision_);
  if (place_) {
    const std::string line = place_->line > 0 ? fmt::format(", line {}", place_->line) : std::string();
    const std::string in = operation_.empty() ? std::string() : fmt::format(", in {}", operation_);
    const std::string called =
        called_place_ ? fmt::format(", which calls {}, line {}", called_place_->file, called_place_->line)
                      : "";
    out += fmt::format("\n  at: {}{}{}{}", place_->file, line, called, in);
  } else {
    AppendField(out, "in", operation_);
  }
  if (!sql_.empty()) AppendStatement(out, sql_, diagnostics_ ? diagnostics_->position : 0);
  if (diagnostics_) {
    AppendField(out, "detail", diagnostics_->detail);
    AppendField(out, "server hint", diagnostics_->hint);
    AppendField(out, "context", diagnostics_->context);
  }
  AppendField(out, "database", state_);
  AppendField(out, "hint", hint_);
  return out;
}

}  // namespace memstack
