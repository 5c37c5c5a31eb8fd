#include "binding/bind_revision.h"

#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "revision/directory.h"
#include "revision/graph.h"
#include "revision/header_reader.h"
#include "revision/plan.h"
#include "revision/range.h"
#include "revision/target.h"

namespace py = pybind11;

namespace memstack::binding {
namespace {

using revision::Graph;
using revision::Header;
using revision::HeaderReading;

py::dict ToDict(const HeaderReading& reading) {
  const Header& header = reading.header;
  py::dict fields;
  fields["file"] = header.file;
  fields["revision"] = header.revision;
  fields["down_revisions"] = header.down_revisions;
  fields["branch_labels"] = header.branch_labels;
  fields["depends_on"] = header.depends_on;
  fields["message"] = header.message;
  fields["long_message"] = header.long_message;
  fields["lines"] = py::make_tuple(header.revision_line, header.down_revision_line, header.branch_labels_line,
                                   header.depends_on_line);
  fields["doubt"] =
      reading.doubt ? py::object(py::make_tuple(reading.doubt->reason, reading.doubt->line)) : py::none();
  return fields;
}

// Every key but "revision" may be left out.
Header FromDict(const py::dict& fields) {
  const auto strings = [&](const char* key) {
    return fields.contains(key) ? fields[key].cast<std::vector<std::string>>() : std::vector<std::string>();
  };
  const auto text = [&](const char* key) {
    return fields.contains(key) ? fields[key].cast<std::string>() : std::string();
  };
  Header header;
  header.file = text("file");
  header.revision = fields["revision"].cast<std::string>();
  header.down_revisions = strings("down_revisions");
  header.branch_labels = strings("branch_labels");
  header.depends_on = strings("depends_on");
  header.message = text("message");
  header.long_message = text("long_message");
  return header;
}

std::unique_ptr<Graph> FromDicts(const std::vector<py::dict>& dicts) {
  std::vector<Header> headers;
  headers.reserve(dicts.size());
  for (const py::dict& fields : dicts) headers.push_back(FromDict(fields));
  return std::make_unique<Graph>(std::move(headers));
}

std::unique_ptr<Graph> FromDirectories(const std::vector<std::string>& directories, bool recursive) {
  std::vector<Header> headers;
  for (HeaderReading& reading : revision::ReadDirectories({directories, recursive, false}).files) {
    if (reading.doubt) {
      throw Error(ErrorCode::kRevisionFile, "the header must be read by Python: " + reading.doubt->reason)
          .At(reading.header.file, reading.doubt->line);
    }
    headers.push_back(std::move(reading.header));
  }
  return std::make_unique<Graph>(std::move(headers));
}

py::list ToList(const Graph& graph, const std::vector<revision::Position>& positions) {
  py::list ids;
  for (const revision::Position& position : positions) {
    ids.append(position.is_revision() ? py::object(py::str(graph.at(position.index).id())) : py::none());
  }
  return ids;
}

py::tuple ToTuple(const revision::VersionChange& change) {
  using Kind = revision::VersionChange::Kind;
  if (change.kind == Kind::kInsert) return py::make_tuple("insert", change.to);
  if (change.kind == Kind::kDelete) return py::make_tuple("delete", change.from);
  return py::make_tuple("update", change.from, change.to);
}

py::dict ToDict(const revision::Plan& plan) {
  py::list steps;
  for (const revision::Step& step : plan.steps) {
    py::list changes;
    for (const revision::VersionChange& change : step.changes) changes.append(ToTuple(change));
    py::dict fields;
    fields["revision"] = step.revision != nullptr ? py::object(py::str(step.revision->id())) : py::none();
    fields["is_upgrade"] = step.is_upgrade;
    fields["up_revisions"] = step.up_revisions;
    fields["down_revisions"] = step.down_revisions;
    fields["changes"] = changes;
    fields["heads_after"] = step.heads_after;
    fields["short_log"] = step.short_log;
    fields["log"] = step.log;
    steps.append(fields);
  }
  py::dict fields;
  fields["steps"] = steps;
  fields["heads_after"] = plan.heads_after;
  fields["warnings"] = plan.warnings;
  return fields;
}

py::list Revisions(const Graph& graph) {
  py::list revisions;
  for (const revision::Revision& one : graph.revisions()) {
    py::dict fields;
    fields["revision"] = one.id();
    fields["branch_labels"] = one.branch_labels;
    fields["all_parents"] = graph.Ids(one.all_parents);
    revisions.append(fields);
  }
  return revisions;
}

void BindGraph(py::module_& module) {
  using Ids = std::vector<std::string>;
  py::class_<Graph>(module, "RevisionGraph")
      .def(py::init(&FromDicts), py::arg("headers"))
      .def_static("from_directories", &FromDirectories, py::arg("directories"), py::arg("recursive") = false)
      .def_property_readonly("heads", [](const Graph& graph) { return graph.Ids(graph.heads()); })
      .def_property_readonly("effective_heads",
                             [](const Graph& graph) { return graph.Ids(graph.effective_heads()); })
      .def_property_readonly("bases", [](const Graph& graph) { return graph.Ids(graph.bases()); })
      .def("revisions", &Revisions)
      .def("resolve",
           [](const Graph& graph, const std::string& text) {
             return ToList(graph, revision::TargetResolver(graph).Resolve(text));
           })
      .def("resolve_one",
           [](const Graph& graph, const std::string& text) -> py::object {
             const auto index = revision::TargetResolver(graph).ResolveOne(text);
             return index ? py::object(py::str(graph.at(*index).id())) : py::none();
           })
      .def(
          "history",
          [](const Graph& graph, const revision::RangeEnd& base, const revision::RangeEnd& head) {
            return graph.Ids(revision::HistoryRange(graph, base, head));
          },
          py::arg("base") = "base", py::arg("head") = "heads")
      .def("plan_upgrade",
           [](const Graph& graph, const Ids& current, const Ids& targets) {
             return ToDict(revision::PlanUpgrade(graph, current, targets));
           })
      .def("plan_downgrade",
           [](const Graph& graph, const Ids& current, const std::string& target) {
             return ToDict(revision::PlanDowngrade(graph, current, target));
           })
      .def("plan_stamp", [](const Graph& graph, const Ids& current, const Ids& targets) {
        return ToDict(revision::PlanStamp(graph, current, targets));
      });
}

}  // namespace

void BindRevision(py::module_& module) {
  module.def(
      "read_header",
      [](const std::string& file, const py::bytes& content) {
        return ToDict(revision::ReadHeader(file, std::string(content)));
      },
      py::arg("file"), py::arg("content"));
  module.def(
      "read_directories",
      [](std::vector<std::string> directories, bool recursive, bool sourceless) {
        const revision::DirectoryReading reading =
            revision::ReadDirectories({std::move(directories), recursive, sourceless});
        py::list files;
        for (const HeaderReading& file : reading.files) files.append(ToDict(file));
        return py::make_tuple(files, reading.warnings);
      },
      py::arg("directories"), py::arg("recursive") = false, py::arg("sourceless") = false);
  BindGraph(module);
}

}  // namespace memstack::binding
