// Asks SQLAlchemy for what the engine does not model: the text of an expression, of a rare type, of a
// computed column.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <string>

#include "sql/quote.h"

namespace memstack::script {

// Thrown inside script/ when an object is not what the engine can express: the operation then goes Alembic's
// way. `reason` is part of a sentence: "the index has no name".
struct Unconvertible {
  std::string reason;
};

// Holds references to Python objects: use it and let it go with the GIL held. One thread at a time.
class LeafCompiler {
 public:
  // `migration_context`: Alembic's, whose dialect compiles.
  explicit LeafCompiler(const pybind11::object& migration_context);

  // As inside an index, a CHECK or an EXCLUDE: values as literals, columns without their table.
  std::string Expression(const pybind11::object& expression) const;
  // The same with the table before the columns, as EXCLUDE ... WHERE has it.
  std::string QualifiedExpression(const pybind11::object& expression) const;
  // A server default that is no plain string.
  std::string DefaultExpression(const pybind11::object& expression) const;
  // GENERATED ALWAYS AS (...).
  std::string Computed(const pybind11::object& computed) const;
  // The type as the column's definition has it; `column` None: as alter_column has it.
  std::string Type(const pybind11::object& type, const pybind11::object& column) const;
  // Text that Alembic copies into the statement as it is (postgresql_using, partition_by).
  std::string Raw(const pybind11::object& text) const;
  // The same where nothing but a str will do (prefixes, operator classes); throws Unconvertible.
  std::string RawString(const pybind11::object& text) const;

  // A name with its quoted_name(quote=...) flag.
  static sql::Identifier Name(const pybind11::handle& name);
  // The name of a constraint or an index, naming convention applied; none if it has no name.
  std::optional<sql::Identifier> FinalName(const pybind11::object& item) const;

  const pybind11::object& compiler() const { return compiler_; }
  const pybind11::object& dialect() const { return dialect_; }
  const pybind11::object& impl() const { return impl_; }
  // A function of memstack_migrate._upstream.
  pybind11::object upstream(const char* function) const { return upstream_.attr(function); }

 private:
  // Compiled text has each % doubled where the driver halves it again; the engine's connection does not.
  std::string Halve(std::string text) const;

  pybind11::module_ upstream_;
  pybind11::object impl_;
  pybind11::object dialect_;
  pybind11::object compiler_;
  pybind11::object sql_compiler_;
  bool doubles_percents_;
};

// None as nothing, the rest by `convert`.
template <typename Convert>
auto Optional(const pybind11::object& value, Convert convert) -> std::optional<decltype(convert(value))> {
  if (value.is_none()) return std::nullopt;
  return convert(value);
}

// A str as it is. Throws Unconvertible for anything else: bytes would turn into a string, too.
std::string String(const pybind11::object& text);

// Python's truth.
inline bool IsTrue(const pybind11::object& value) {
  return pybind11::bool_(value);
}

// object.name, or None where an older release has no such attribute.
inline pybind11::object AttributeOrNone(const pybind11::object& object, const char* name) {
  return pybind11::getattr(object, name, pybind11::none());
}

// The name by which SQLAlchemy's compilers tell kinds of schema items and types apart.
inline std::string VisitName(const pybind11::object& item) {
  return pybind11::cast<std::string>(item.attr("__visit_name__"));
}

}  // namespace memstack::script
