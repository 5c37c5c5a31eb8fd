#include "binding/bind_result.h"

#include <pybind11/stl.h>

#include <algorithm>

#include "pg/result.h"

namespace py = pybind11;

namespace memstack::binding {
namespace {

// The session's encoding is UTF-8, but a SQL_ASCII database sends whatever was put in: such bytes survive as
// surrogates instead of failing the whole result.
py::object TextOf(const pg::Result& result, int row, int column) {
  const auto value = result.value(row, column);
  if (!value) return py::none();
  return py::reinterpret_steal<py::object>(
      PyUnicode_DecodeUTF8(value->data(), static_cast<Py_ssize_t>(value->size()), "surrogateescape"));
}

py::list RowsOf(const pg::Result& result, int start, int stop) {
  const int last = std::min(stop, result.row_count());
  const int columns = result.column_count();
  py::list rows;
  for (int row = std::max(start, 0); row < last; ++row) {
    py::tuple values(static_cast<size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      values[static_cast<size_t>(column)] = TextOf(result, row, column);
    }
    rows.append(std::move(values));
  }
  return rows;
}

py::list ColumnsOf(const pg::Result& result) {
  py::list columns;
  for (int index = 0; index < result.column_count(); ++index) {
    const pg::Column column = result.column(index);
    columns.append(py::make_tuple(column.name, column.type_oid, column.type_modifier, column.size));
  }
  return columns;
}

}  // namespace

void BindResult(py::module_& module) {
  py::class_<pg::Result>(module, "Result", "What a statement gave back (pg/result.h).")
      .def_property_readonly("has_rows", &pg::Result::has_rows)
      .def_property_readonly("row_count", &pg::Result::row_count)
      .def_property_readonly("affected_rows", &pg::Result::affected_rows)
      .def_property_readonly("command_tag", &pg::Result::command_tag)
      .def_property_readonly("columns", &ColumnsOf)
      .def("rows", &RowsOf, py::arg("start"), py::arg("stop"));
}

}  // namespace memstack::binding
