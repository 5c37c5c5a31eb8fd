// A real PostgreSQL for a test program: MEMSTACK_TEST_CONNINFO (a libpq connection string) if that is set,
// otherwise a throw-away cluster of the newest /usr/lib/postgresql/*/bin, started at first use and removed at
// the end of the program. Started by root it runs as the user postgres.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "pg/connection.h"
#include "pg/connection_parameters.h"

namespace memstack::pg {

// One thread at a time.
class TestServer {
 public:
  // The one of this program. Throws std::runtime_error, with what is missing, where there is none.
  static TestServer& Instance();
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  // As superuser. A role "with_password" (password "right password") exists where is_own().
  ConnectionParameters parameters(const std::string& database = "postgres") const;
  // False: given from outside; not to be stopped.
  bool is_own() const { return !directory_.empty(); }
  std::string port() const { return port_; }  // listens on 127.0.0.1, too

  // REQUIRES: is_own(). Stops at once, as a crash of the whole server would.
  void Stop();
  void Start();

 private:
  TestServer();
  void InitializeCluster();

  ConnectionParameters given_;
  std::string binaries_;
  std::string directory_;
  std::string port_;
  pid_t process_ = 0;
};

// A fresh database, dropped with its object.
class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  ConnectionParameters parameters() const { return TestServer::Instance().parameters(name_); }
  std::unique_ptr<Connection> Connect() const { return Connection::Open(parameters()); }

 private:
  std::string name_;
};

// The first value of the first row of a statement run outside any transaction of `connection`'s own making.
std::string ValueOf(Connection& connection, const std::string& sql);

}  // namespace memstack::pg
