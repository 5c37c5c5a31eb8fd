#include "binding/connection_object.h"

#include "pg/migration_session.h"

namespace py = pybind11;

namespace memstack::binding {

std::shared_ptr<ConnectionObject> ConnectionObject::Open(const pg::ConnectionParameters& parameters) {
  return std::shared_ptr<ConnectionObject>(
      new ConnectionObject(pg::Connection::Open(pg::WithMigrationDefaults(parameters))));
}

ConnectionObject::ConnectionObject(std::unique_ptr<pg::Connection> connection)
    : connection_(std::move(connection)) {
  connection_->OnNotice([box = box_](const pg::Notice& notice) {
    const std::lock_guard lock(box->mutex);
    box->notices.push_back(notice);
  });
}

ConnectionObject::~ConnectionObject() = default;

pg::Result ConnectionObject::Execute(const std::string& sql, const std::optional<Parameters>& parameters) {
  return parameters ? connection_->Execute(sql, *parameters) : connection_->Execute(sql);
}

pg::Result ConnectionObject::ExecuteOutsideTransaction(const std::string& sql,
                                                       const std::optional<Parameters>& parameters) {
  return connection_->ExecuteOutsideTransaction(sql, parameters.value_or(Parameters()));
}

pg::Result ConnectionObject::CopyIn(const std::string& sql, const py::function& read) {
  const auto next = [&read]() -> std::string {
    const py::gil_scoped_acquire gil;
    return py::cast<std::string>(read());  // bytes as they are, str as UTF-8
  };
  const py::gil_scoped_release released;
  return connection_->CopyIn(sql, next);
}

pg::Result ConnectionObject::CopyOut(const std::string& sql, const py::function& write) {
  const auto put = [&write](std::string_view row) {
    const py::gil_scoped_acquire gil;
    write(py::bytes(row.data(), row.size()));
  };
  const py::gil_scoped_release released;
  return connection_->CopyOut(sql, put);
}

ConnectionObject::Notices ConnectionObject::TakeNotices() {
  const std::lock_guard lock(box_->mutex);
  return std::exchange(box_->notices, {});
}

}  // namespace memstack::binding
