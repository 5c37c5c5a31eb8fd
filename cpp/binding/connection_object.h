// What stands behind a Python _engine.Connection.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pg/connection.h"

namespace memstack::binding {

// Calls that may wait are entered without the GIL; those that call back into Python take it for that alone.
// Notices are kept until Python asks for them, since they arrive while the GIL is released.
class ConnectionObject {
 public:
  using Parameters = std::vector<pg::Parameter>;
  using Notices = std::vector<pg::Notice>;

  // As pg::Connection::Open.
  static std::shared_ptr<ConnectionObject> Open(const pg::ConnectionParameters& parameters);
  ~ConnectionObject();
  ConnectionObject(const ConnectionObject&) = delete;
  ConnectionObject& operator=(const ConnectionObject&) = delete;

  pg::Result Execute(const std::string& sql, const std::optional<Parameters>& parameters);
  std::vector<pg::Result> ExecuteEach(const std::string& sql) { return connection_->ExecuteEach(sql); }
  pg::Result ExecuteOutsideTransaction(const std::string& sql, const std::optional<Parameters>& parameters);
  // `read` is called as read() and gives bytes or str, empty at the end; `write` is called as write(bytes).
  pg::Result CopyIn(const std::string& sql, const pybind11::function& read);
  pg::Result CopyOut(const std::string& sql, const pybind11::function& write);
  // What the server said beside its results since the last call.
  Notices TakeNotices();

  pg::Connection& connection() { return *connection_; }
  std::shared_ptr<pg::Connection> shared() const { return connection_; }

 private:
  // Outlives this object where C++ still holds the connection.
  struct NoticeBox {
    std::mutex mutex;
    Notices notices;
  };

  explicit ConnectionObject(std::unique_ptr<pg::Connection> connection);

  const std::shared_ptr<pg::Connection> connection_;
  const std::shared_ptr<NoticeBox> box_ = std::make_shared<NoticeBox>();
};

}  // namespace memstack::binding
