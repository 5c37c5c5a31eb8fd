// How the proof goes. A name of a module is bound by statements that run in the module's own scope, by
// `global` in a function, and through the module's dictionary. So:
// - at column 0, one assignment `name[: annotation] = literal` per name, and no other mention of the name;
// - under if, try, with, for ... at module level, no mention at all; in a class body only `name = ...`;
// - in a function a mention is harmless (it reads, or binds a local) unless the value is mutable;
// - `global name`, and everything that reaches the module's dictionary, is a doubt; in a function only if
//   something could call that function while the module is loaded: there is a class or a decorator, or the
//   name of a function stands outside of functions.
// An attribute `.name` and a keyword argument `name=` are no mention.
#include "revision/module_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <set>
#include <span>
#include <string>

#include "base/python_doubt.h"
#include "base/word_list.h"

namespace memstack::revision {
namespace {

// The last two are not read from the header but decide what Script.doc is.
constexpr std::array<std::string_view, 6> kTracked = {
    "revision", "down_revision", "branch_labels", "depends_on", "__doc__", "_alembic_source_encoding"};
// Ways to the module's dictionary, from any scope ...
constexpr std::array<std::string_view, 9> kReflective = {"globals",   "__globals__",  "__builtins__",
                                                         "builtins",  "__import__",   "_getframe",
                                                         "f_globals", "currentframe", "__getattr__"};
// ... by their own name from any scope, and as an attribute (`session.exec`) from the module's scope ...
constexpr std::array<std::string_view, 2> kEvaluating = {"exec", "eval"};
// ... and from the module's scope only.
constexpr std::array<std::string_view, 7> kReflectiveAtModuleLevel = {
    "locals", "vars", "setattr", "delattr", "__dict__", "__setattr__", "f_locals"};

size_t TrackedIndex(std::string_view name) {
  return static_cast<size_t>(std::find(kTracked.begin(), kTracked.end(), name) - kTracked.begin());
}

enum class Scope { kModule, kConditional, kClass, kFunction };

Scope ScopeOfBlock(std::span<const PythonToken> header) {
  if (header[0].Is("def") || (header[0].Is("async") && header.size() > 1 && header[1].Is("def"))) {
    return Scope::kFunction;
  }
  return header[0].Is("class") ? Scope::kClass : Scope::kConditional;
}

// Keywords that open a block, and so may carry a whole body behind a colon on their own line. `match`, `case`
// and `type` are no keywords elsewhere, but no statement that this reader takes begins with them.
bool OpensBlock(std::span<const PythonToken> line) {
  static constexpr std::array<std::string_view, 16> kKeywords = {
      "def", "async", "class", "if",      "elif", "else",  "try",  "except",
      "for", "while", "with",  "finally", "@",    "match", "case", "lambda"};
  return Contains(kKeywords, line[0].text) || line.back().Is(":");
}

class Scanner {
 public:
  ModuleScan Run(const PythonTokens& module) {
    for (const PythonLine& line : module.lines) {
      const std::span<const PythonToken> tokens = module.Of(line);
      const Scope scope = EnterLine(line.indent, tokens[0].line);
      CheckReflection(tokens, scope);
      if (scope == Scope::kModule && !OpensBlock(tokens)) {
        ReadStatements(tokens, line.begin == 0);
      } else {
        CheckMentions(tokens, scope);
      }
      if (scope != Scope::kFunction) NoteNames(tokens);
      if (tokens.back().Is(":")) blocks_.push_back({line.indent, ScopeOfBlock(tokens)});
    }
    CheckMutableValues();
    if (in_function_ && MayCallFunctions()) throw *in_function_;
    return std::move(scan_);
  }

 private:
  struct Block {
    int indent;  // of its header
    Scope scope;
  };

  Scope EnterLine(int indent, int line) {
    while (!blocks_.empty() && indent <= blocks_.back().indent) blocks_.pop_back();
    if (blocks_.empty() && indent > 0) throw PythonDoubt("unexpected indentation", line);
    Scope scope = Scope::kModule;
    for (const Block& block : blocks_) scope = std::max(scope, block.scope);
    return scope;
  }

  void CheckReflection(std::span<const PythonToken> tokens, Scope scope) {
    for (size_t i = 0; i < tokens.size(); ++i) {
      const PythonToken& token = tokens[i];
      if (token.IsString()) {
        CheckFormattedString(token, scope);
      } else if (token.kind == PythonTokenKind::kName) {
        CheckReflectiveName(token.text, i > 0 && tokens[i - 1].Is("."), scope, token.line);
      } else if (token.Is("*") && i > 0 && tokens[i - 1].Is("import")) {
        throw PythonDoubt("'import *' can bind any name", token.line);
      }
    }
  }

  void CheckReflectiveName(std::string_view name, bool is_attribute, Scope scope, int line) {
    const bool in_function = scope == Scope::kFunction;
    if (Contains(kReflective, name) || (Contains(kEvaluating, name) && !(is_attribute && in_function)) ||
        (!in_function && Contains(kReflectiveAtModuleLevel, name))) {
      RaiseIn(scope, PythonDoubt(fmt::format("\'{}' can change the module's names", name), line));
    }
  }

  // What a function does counts only if it may run before the header is read: known at the end of the file.
  void RaiseIn(Scope scope, const PythonDoubt& doubt) {
    if (scope != Scope::kFunction) throw doubt;
    if (!in_function_) in_function_ = doubt;
  }

  void NoteNames(std::span<const PythonToken> tokens) {
    if (tokens[0].Is("class") || tokens[0].Is("@")) has_class_or_decorator_ = true;
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].kind != PythonTokenKind::kName) continue;
      (i > 0 && tokens[i - 1].Is("def") ? functions_ : names_outside_).insert(tokens[i].text);
    }
  }

  bool MayCallFunctions() const {
    return has_class_or_decorator_ ||
           std::any_of(functions_.begin(), functions_.end(),
                       [&](std::string_view name) { return names_outside_.contains(name); });
  }

  // The expressions in an f-string run like any other: f"{(revision := 'x')}". Every word of it is looked at.
  void CheckFormattedString(const PythonToken& literal, Scope scope) {
    if (!literal.HasPrefix("ft")) return;
    static constexpr std::string_view kWord =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    std::string_view rest = literal.text;
    for (;;) {
      const size_t start = rest.find_first_of(kWord);
      if (start == std::string_view::npos) return;
      rest.remove_prefix(start);
      const std::string_view word = rest.substr(0, rest.find_first_not_of(kWord));
      CheckReflectiveName(word, /*is_attribute=*/false, scope, literal.line);
      if (scope != Scope::kFunction) names_outside_.insert(word);
      if (Contains(kTracked, word)) {
        if (scope != Scope::kFunction)
          throw PythonDoubt(fmt::format("an f-string uses \'{}\'", word), literal.line);
        mentioned_in_function_.set(TrackedIndex(word));
      }
      rest.remove_prefix(word.size());
    }
  }

  // Whether the token at `i` names one of the tracked names rather than an attribute or an argument.
  static bool IsMention(std::span<const PythonToken> tokens, size_t i) {
    const PythonToken& token = tokens[i];
    if (token.kind != PythonTokenKind::kName || !Contains(kTracked, token.text)) return false;
    const bool before_equals = i + 1 < tokens.size() && tokens[i + 1].Is("=");
    if (i > 0 && tokens[i - 1].Is(".")) return before_equals && token.depth == 0;
    return !(before_equals && token.depth > 0);
  }

  void CheckMentions(std::span<const PythonToken> tokens, Scope scope) {
    const bool in_function = scope == Scope::kFunction;
    bool is_global = false;
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].Is("global")) is_global = true;
      if (tokens[i].Is(";")) is_global = false;
      if (!IsMention(tokens, i)) continue;
      const std::string name(tokens[i].text);
      if (is_global)
        RaiseIn(scope,
                PythonDoubt(fmt::format("'global {}' lets a function change it", name), tokens[i].line));
      if (in_function) {
        mentioned_in_function_.set(TrackedIndex(name));
      } else if (!(scope == Scope::kClass && i == 0 && tokens.size() > 1 &&
                   (tokens[1].Is("=") || tokens[1].Is(":")))) {
        throw PythonDoubt(fmt::format("'{}' is used other than by one plain assignment", name),
                          tokens[i].line);
      }
    }
  }

  // A line of simple statements at module level.
  void ReadStatements(std::span<const PythonToken> tokens, bool is_first_line) {
    bool is_first = is_first_line;
    while (!tokens.empty()) {
      const auto end = std::find_if(tokens.begin(), tokens.end(), [](const PythonToken& token) {
        return token.depth == 0 && token.Is(";");
      });
      const auto length = static_cast<size_t>(end - tokens.begin());
      const std::span<const PythonToken> statement = tokens.first(length);
      if (is_first) ReadDocstring(statement);
      if (!statement.empty()) ReadStatement(statement);
      is_first = false;
      tokens = tokens.subspan(std::min(length + 1, tokens.size()));
    }
  }

  void ReadDocstring(std::span<const PythonToken> statement) {
    while (statement.size() > 2 && statement.front().Is("(") && statement.back().Is(")")) {
      statement = statement.subspan(1, statement.size() - 2);
    }
    const bool all_strings = std::all_of(statement.begin(), statement.end(),
                                         [](const PythonToken& token) { return token.IsString(); });
    if (all_strings) scan_.docstring.assign(statement.begin(), statement.end());
  }

  void ReadStatement(std::span<const PythonToken> statement) {
    const size_t name = TrackedIndex(statement[0].text);
    const bool is_assignment = statement[0].kind == PythonTokenKind::kName && name < kHeaderNameCount &&
                               statement.size() > 1 && (statement[1].Is("=") || statement[1].Is(":"));
    if (!is_assignment) {
      CheckMentions(statement, Scope::kModule);
      return;
    }
    CheckMentions(statement.subspan(1), Scope::kModule);
    const int line = statement[0].line;
    const auto equals = std::find_if(statement.begin(), statement.end(), [](const PythonToken& token) {
      return token.depth == 0 && token.Is("=");
    });
    if (equals == statement.end()) throw PythonDoubt(fmt::format("\'{}' has no value", kTracked[name]), line);
    const auto value = static_cast<size_t>(equals - statement.begin()) + 1;
    scan_.assignments[name] = HeaderAssignment{ParseLiteral(statement.subspan(value), line), line};
  }

  void CheckMutableValues() const {
    for (size_t name = 0; name < kHeaderNameCount; ++name) {
      const auto& assignment = scan_.assignments[name];
      if (assignment && assignment->value.is_mutable && mentioned_in_function_.test(name)) {
        throw PythonDoubt(fmt::format("a function may change the list \'{}\'", kTracked[name]),
                          assignment->line);
      }
    }
  }

  ModuleScan scan_;
  std::vector<Block> blocks_;
  std::bitset<kTracked.size()> mentioned_in_function_;
  std::optional<PythonDoubt> in_function_;  // the first
  std::set<std::string_view> functions_;
  std::set<std::string_view> names_outside_;  // of functions
  bool has_class_or_decorator_ = false;
};

}  // namespace

ModuleScan ScanModule(const PythonTokens& module) {
  return Scanner().Run(module);
}

}  // namespace memstack::revision
