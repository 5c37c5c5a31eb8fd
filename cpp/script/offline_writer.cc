#include "script/offline_writer.h"

namespace py = pybind11;

namespace memstack::script {

OfflineWriter::~OfflineWriter() {
  const py::gil_scoped_acquire gil;
  context_ = py::object();
}

void OfflineWriter::BeginStep() {
  const py::gil_scoped_acquire gil;
  context_.attr("begin_step")();
}

void OfflineWriter::EndStep() {
  const py::gil_scoped_acquire gil;
  context_.attr("end_step")();
}

void OfflineWriter::Comment(std::string_view text) {
  const py::gil_scoped_acquire gil;
  context_.attr("write_comment")(text);
}

void OfflineWriter::Statement(std::string_view sql) {
  const py::gil_scoped_acquire gil;
  context_.attr("write_statement")(sql);
}

}  // namespace memstack::script
