#include "pg/server_error.h"

#include <charconv>
#include <string>

namespace memstack::pg {
namespace {

std::string Field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(text);
}

int NumberField(const PGresult* result, int code) {
  const std::string text = Field(result, code);
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

ServerDiagnostics DiagnosticsOf(const PGresult* result) {
  ServerDiagnostics said;
  said.sqlstate = Field(result, PG_DIAG_SQLSTATE);
  // Not PG_DIAG_SEVERITY: that one is in the language of the server.
  said.severity = Field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  said.message = Field(result, PG_DIAG_MESSAGE_PRIMARY);
  said.detail = Field(result, PG_DIAG_MESSAGE_DETAIL);
  said.hint = Field(result, PG_DIAG_MESSAGE_HINT);
  said.context = Field(result, PG_DIAG_CONTEXT);
  said.schema_name = Field(result, PG_DIAG_SCHEMA_NAME);
  said.table_name = Field(result, PG_DIAG_TABLE_NAME);
  said.column_name = Field(result, PG_DIAG_COLUMN_NAME);
  said.datatype_name = Field(result, PG_DIAG_DATATYPE_NAME);
  said.constraint_name = Field(result, PG_DIAG_CONSTRAINT_NAME);
  said.position = NumberField(result, PG_DIAG_STATEMENT_POSITION);
  said.internal_query = Field(result, PG_DIAG_INTERNAL_QUERY);
  said.internal_position = NumberField(result, PG_DIAG_INTERNAL_POSITION);
  said.source_file = Field(result, PG_DIAG_SOURCE_FILE);
  said.source_line = NumberField(result, PG_DIAG_SOURCE_LINE);
  said.source_function = Field(result, PG_DIAG_SOURCE_FUNCTION);
  return said;
}

Error RefusedStatement(const PGresult* result, std::string_view sql) {
  ServerDiagnostics said = DiagnosticsOf(result);
  // libpq's own errors (out of memory, a malformed message) carry no fields, only a text.
  const std::string message = said.message.empty() ? OneLine(PQresultErrorMessage(result)) : said.message;
  Error error(ErrorCode::kSql, message);
  error.Statement(std::string(sql), std::move(said));
  return error;
}

std::string OneLine(std::string_view message) {
  std::string line;
  for (const char c : message) {
    const bool is_space = c == '\n' || c == '\t' || c == ' ';
    if (!is_space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace memstack::pg
