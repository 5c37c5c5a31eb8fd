#include "script/leaf_compiler.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace memstack::script {

LeafCompiler::LeafCompiler(const py::object& migration_context)
    : upstream_(py::module_::import("memstack_migrate._upstream")),
      impl_(migration_context.attr("impl")),
      dialect_(migration_context.attr("dialect")),
      compiler_(upstream_.attr("ddl_compiler")(dialect_)),
      sql_compiler_(compiler_.attr("sql_compiler")),
      doubles_percents_(IsTrue(upstream_.attr("doubles_percents")(dialect_))) {}

std::string LeafCompiler::Halve(std::string text) const {
  if (!doubles_percents_) return text;
  std::string halved;
  for (size_t i = 0; i < text.size(); ++i) {
    halved += text[i];
    if (text[i] == '%' && i + 1 < text.size() && text[i + 1] == '%') ++i;
  }
  return halved;
}

std::string LeafCompiler::Expression(const py::object& expression) const {
  return Halve(py::cast<std::string>(
      sql_compiler_.attr("process")(expression, "include_table"_a = false, "literal_binds"_a = true)));
}

std::string LeafCompiler::QualifiedExpression(const py::object& expression) const {
  return Halve(py::cast<std::string>(sql_compiler_.attr("process")(expression, "literal_binds"_a = true)));
}

std::string LeafCompiler::DefaultExpression(const py::object& expression) const {
  return QualifiedExpression(expression);
}

std::string LeafCompiler::Computed(const py::object& computed) const {
  return Halve(py::cast<std::string>(compiler_.attr("process")(computed)));
}

std::string LeafCompiler::Type(const py::object& type, const py::object& column) const {
  const py::object process = dialect_.attr("type_compiler_instance").attr("process");
  const py::object text = column.is_none() ? process(type)
                                           : process(type, "type_expression"_a = column,
                                                     "identifier_preparer"_a = compiler_.attr("preparer"));
  return Halve(py::cast<std::string>(text));
}

std::string LeafCompiler::Raw(const py::object& text) const {
  // py::str() would leave alone what is a str already; a member of a str's enum is spelled by its __str__.
  const py::object spelled = py::reinterpret_steal<py::object>(PyObject_Str(text.ptr()));
  if (!spelled) throw py::error_already_set();
  return Halve(py::cast<std::string>(spelled));
}

std::string LeafCompiler::RawString(const py::object& text) const {
  return Halve(String(text));
}

sql::Identifier LeafCompiler::Name(const py::handle& name) {
  const py::object quote = py::getattr(name, "quote", py::none());
  sql::Quoting quoting = sql::Quoting::kWhenNeeded;
  if (!quote.is_none()) quoting = IsTrue(quote) ? sql::Quoting::kAlways : sql::Quoting::kNever;
  return {py::cast<std::string>(name), quoting};
}

std::optional<sql::Identifier> LeafCompiler::FinalName(const py::object& item) const {
  return Optional(upstream("final_name")(compiler_, item), [](const py::object& name) { return Name(name); });
}

std::string String(const py::object& text) {
  if (!py::isinstance<py::str>(text)) throw Unconvertible{"a text is no string"};
  return py::cast<std::string>(text);
}

}  // namespace memstack::script
