#include "config/python_call.h"

#include <utility>

namespace memstack::config {
namespace {

PythonArgument MakeArgument(const std::vector<PythonToken>& tokens, size_t begin, size_t end) {
  PythonArgument argument{"", tokens[begin].Is("*") || tokens[begin].Is("**"), begin, end};
  if (begin + 1 < end && tokens[begin].kind == PythonTokenKind::kName && tokens[begin + 1].Is("=")) {
    argument.keyword = tokens[begin].text;
    argument.begin = begin + 2;
  }
  return argument;
}

}  // namespace

std::optional<std::vector<PythonArgument>> ParseCall(const PythonTokens& python, size_t name) {
  const std::vector<PythonToken>& tokens = python.tokens;
  if (name + 1 >= tokens.size() || !tokens[name + 1].Is("(")) return std::nullopt;
  const int depth = tokens[name + 1].depth + 1;
  std::vector<PythonArgument> arguments;
  size_t begin = name + 2;
  for (size_t i = begin; i < tokens.size(); ++i) {
    const bool closes = tokens[i].depth < depth;
    if (!closes && !(tokens[i].Is(",") && tokens[i].depth == depth)) continue;
    if (i > begin) arguments.push_back(MakeArgument(tokens, begin, i));
    begin = i + 1;
    if (closes) break;
  }
  return arguments;
}

std::pair<size_t, size_t> EnclosingBracket(const PythonTokens& python, size_t at) {
  const std::vector<PythonToken>& tokens = python.tokens;
  const int depth = tokens[at].depth;
  if (depth == 0) return {0, tokens.size()};
  size_t begin = at;
  while (begin > 0 && tokens[begin - 1].depth >= depth) --begin;
  size_t end = at;
  while (end < tokens.size() && tokens[end].depth >= depth) ++end;
  return {begin, end};
}

bool IsInImport(const PythonTokens& python, size_t token) {
  while (token > 0 && !python.tokens[token].starts_line) --token;
  return python.tokens[token].Is("from") || python.tokens[token].Is("import");
}

size_t EndOfSuite(const PythonTokens& python, size_t line) {
  size_t end = line + 1;
  while (end < python.lines.size() && python.lines[end].indent > python.lines[line].indent) ++end;
  return end;
}

}  // namespace memstack::config
