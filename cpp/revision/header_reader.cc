#include "revision/header_reader.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/python_doubt.h"
#include "base/python_source.h"
#include "base/python_text.h"
#include "revision/module_scan.h"
#include "revision/python_string.h"

namespace memstack::revision {
namespace {

// Alembic's pattern "([a-f0-9]+)\.py$", matched at the start of the file's name.
std::optional<std::string> LegacyRevision(std::string_view file) {
  std::string_view name = file.substr(file.rfind('/') + 1);
  if (!name.ends_with(".py")) return std::nullopt;
  name.remove_suffix(3);
  if (name.empty() || name.find_first_not_of("abcdef0123456789") != std::string_view::npos)
    return std::nullopt;
  return std::string(name);
}

std::vector<std::string> Names(const std::optional<HeaderAssignment>& assignment) {
  return assignment ? assignment->value.strings : std::vector<std::string>();
}

int LineOf(const std::optional<HeaderAssignment>& assignment) {
  return assignment ? assignment->line : 0;
}

std::string RevisionOf(std::string_view file, const std::optional<HeaderAssignment>& assignment) {
  if (assignment) {
    if (assignment->value.kind != Literal::Kind::kString) {
      throw PythonDoubt("'revision' is not a string", assignment->line);
    }
    return assignment->value.strings[0];
  }
  if (std::optional<std::string> legacy = LegacyRevision(file)) return *std::move(legacy);
  throw Error(ErrorCode::kRevisionFile, "no revision id in " + std::string(file))
      .At(std::string(file))
      .Hint("add the line: revision = \"...\", or move the file out of the version locations");
}

void SetMessages(Header& header, std::span<const PythonToken> docstring) {
  if (docstring.empty()) return;
  const std::optional<std::string> value = StringValue(docstring);
  if (!value) return;  // bytes and f-strings are no docstring for Python either
  header.long_message = Strip(*value);
  header.message = header.long_message.substr(0, header.long_message.find("\n\n"));
}

Header Assemble(std::string_view file, const ModuleScan& scan) {
  const auto& [revision, down_revision, branch_labels, depends_on] = scan.assignments;
  Header header;
  header.file = file;
  header.revision = RevisionOf(file, revision);
  if (!down_revision) {
    throw Error(ErrorCode::kRevisionFile, "no down_revision in " + std::string(file))
        .At(std::string(file))
        .Revision(header.revision)
        .Hint("add the line: down_revision = None for a first revision, or the id of the one before");
  }
  header.down_revisions = Names(down_revision);
  header.branch_labels = Names(branch_labels);
  header.depends_on = Names(depends_on);
  SetMessages(header, scan.docstring);
  header.revision_line = LineOf(revision);
  header.down_revision_line = LineOf(down_revision);
  header.branch_labels_line = LineOf(branch_labels);
  header.depends_on_line = LineOf(depends_on);
  return header;
}

}  // namespace

HeaderReading HeaderReading::Doubtful(std::string_view file, HeaderDoubt doubt) {
  HeaderReading reading;
  reading.header.file = file;
  reading.doubt = std::move(doubt);
  return reading;
}

HeaderReading ReadHeader(std::string_view file, std::string_view bytes) {
  try {
    const std::string source = DecodePythonSource(bytes);
    return {Assemble(file, ScanModule(TokenizePython(source))), std::nullopt};
  } catch (const PythonDoubt& doubt) {
    return HeaderReading::Doubtful(file, {doubt.what(), doubt.line()});
  }
}

}  // namespace memstack::revision
