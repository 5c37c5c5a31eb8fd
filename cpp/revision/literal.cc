#include "revision/literal.h"

#include <optional>
#include <utility>

#include "base/python_doubt.h"
#include "revision/python_string.h"

namespace memstack::revision {
namespace {

class Parser {
 public:
  Parser(std::span<const PythonToken> tokens, int line) : tokens_(tokens), line_(line) {}

  Literal Whole() {
    Literal value = ElementsUntil("");
    if (at_ != tokens_.size()) Refuse();
    return value;
  }

 private:
  [[noreturn]] void Refuse() const {
    throw PythonDoubt("the value is not a literal", at_ < tokens_.size() ? tokens_[at_].line : line_);
  }

  bool At(std::string_view text) const { return at_ < tokens_.size() && tokens_[at_].Is(text); }

  bool AtEnd(std::string_view closing) const { return closing.empty() ? at_ == tokens_.size() : At(closing); }

  // What stands between brackets or is the whole expression: one value, or a tuple if there is a comma.
  Literal ElementsUntil(std::string_view closing) {
    Literal sequence{Literal::Kind::kSequence, {}, false};
    bool has_comma = false;
    std::optional<Literal> only;
    while (!AtEnd(closing)) {
      if (only && !has_comma) Refuse();
      Literal element = Expression();
      if (At(",")) {
        has_comma = true;
        ++at_;
      } else if (!AtEnd(closing)) {
        Refuse();
      }
      if (element.kind == Literal::Kind::kString) sequence.strings.push_back(element.strings[0]);
      // Anything else is fine alone in parentheses, and a doubt inside a sequence.
      if (has_comma &&
          (element.kind != Literal::Kind::kString || (only && only->kind != Literal::Kind::kString))) {
        Refuse();
      }
      only = std::move(element);
    }
    if (!only && closing.empty()) Refuse();
    if (only && !has_comma && (closing.empty() || closing == ")")) return *only;
    if (only && only->kind != Literal::Kind::kString) Refuse();
    return sequence;
  }

  // Literals joined by "+"; only strings can be.
  Literal Expression() {
    Literal value = Operand();
    while (At("+")) {
      ++at_;
      const Literal more = Operand();
      if (value.kind != Literal::Kind::kString || more.kind != Literal::Kind::kString) Refuse();
      value.strings[0] += more.strings[0];
    }
    return value;
  }

  Literal Operand() {
    if (at_ == tokens_.size()) Refuse();
    if (tokens_[at_].IsString()) return Strings();
    if (At("None")) {
      ++at_;
      return {};
    }
    if (At("(")) return Bracketed(")");
    if (At("[")) {
      Literal list = Bracketed("]");
      list.is_mutable = true;
      return list;
    }
    if (At("{")) return Set();
    Refuse();
  }

  Literal Bracketed(std::string_view closing) {
    ++at_;
    Literal value = ElementsUntil(closing);
    if (!At(closing)) Refuse();
    ++at_;
    return value;
  }

  // The order of a set with several members changes from run to run, and "{}" is a dict.
  Literal Set() {
    Literal set = Bracketed("}");
    if (set.strings.size() != 1) Refuse();
    set.is_mutable = true;
    return set;
  }

  Literal Strings() {
    const size_t first = at_;
    while (at_ < tokens_.size() && tokens_[at_].IsString()) ++at_;
    std::optional<std::string> value = StringValue(tokens_.subspan(first, at_ - first));
    if (!value) {
      at_ = first;
      Refuse();
    }
    return {Literal::Kind::kString, {std::move(*value)}, false};
  }

  const std::span<const PythonToken> tokens_;
  const int line_;
  size_t at_ = 0;
};

}  // namespace

Literal ParseLiteral(std::span<const PythonToken> expression, int line) {
  return Parser(expression, line).Whole();
}

}  // namespace memstack::revision
