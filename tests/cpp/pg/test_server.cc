#include "pg/test_server.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/error.h"

namespace memstack::pg {
namespace {

namespace fs = std::filesystem;

// Runs as the user postgres where we are root (initdb and postgres refuse root). The child ends with us.
pid_t Spawn(const std::vector<std::string>& command, const std::string& log) {
  const passwd* user = geteuid() == 0 ? getpwnam("postgres") : nullptr;
  const pid_t child = fork();
  if (child != 0) return child;
  if (user != nullptr && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (freopen(log.c_str(), "a", stdout) == nullptr || dup2(1, 2) < 0) _exit(125);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

int WaitFor(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

std::string NewestBinaries() {
  int newest = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    if (fs::exists(entry.path() / "bin/initdb"))
      newest = std::max(newest, std::stoi(entry.path().filename()));
  }
  if (newest > 0) return "/usr/lib/postgresql/" + std::to_string(newest) + "/bin";
  throw std::runtime_error(
      "no PostgreSQL for the tests: set MEMSTACK_TEST_CONNINFO, or install the package postgresql");
}

std::string FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, length) != 0 || getsockname(listener, generic, &length) != 0) {
    throw std::runtime_error("no free port");
  }
  close(listener);
  return std::to_string(ntohs(address.sin_port));
}

ConnectionParameters Parse(const char* conninfo) {
  char* message = nullptr;
  const OptionsHandle options(PQconninfoParse(conninfo, &message));
  const LibpqString owned(message);
  if (options == nullptr) throw std::runtime_error(std::string("MEMSTACK_TEST_CONNINFO: ") + message);
  ConnectionParameters parameters;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) parameters.emplace_back(option->keyword, option->val);
  }
  return parameters;
}

}  // namespace

TestServer& TestServer::Instance() {
  static TestServer server;
  return server;
}

TestServer::TestServer() {
  if (const char* conninfo = std::getenv("MEMSTACK_TEST_CONNINFO");
      conninfo != nullptr && *conninfo != '\0') {
    given_ = Parse(conninfo);
    return;
  }
  binaries_ = NewestBinaries();
  std::string pattern = fs::temp_directory_path() / "memstack-test-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = pattern;
  port_ = FreePort();
  InitializeCluster();
  Start();
  const auto connection = Connection::Open(parameters());
  connection->Execute("CREATE ROLE with_password LOGIN PASSWORD 'right password'");
}

void TestServer::InitializeCluster() {
  if (geteuid() == 0) {
    const passwd* user = getpwnam("postgres");
    if (user == nullptr) throw std::runtime_error("run by root, the tests need a user postgres");
    if (chown(directory_.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown failed");
  }
  const std::string data = directory_ + "/data";
  const std::string log = directory_ + "/initdb.log";
  const pid_t initdb = Spawn({binaries_ + "/initdb", "-D", data, "-U", "postgres", "--auth=trust",
                              "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"},
                             log);
  if (WaitFor(initdb) != 0) throw std::runtime_error("initdb failed, see " + log);
  std::ofstream rules(data + "/pg_hba.conf");
  rules << "local all with_password scram-sha-256\nhost all with_password 127.0.0.1/32 scram-sha-256\n"
        << "local all all trust\nhost all all 127.0.0.1/32 trust\n";
}

void TestServer::Start() {
  process_ = Spawn({binaries_ + "/postgres", "-D", directory_ + "/data", "-k", directory_, "-p", port_, "-c",
                    "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_prepared_transactions=5"},
                   directory_ + "/server.log");
  for (int attempt = 0; attempt < 200; ++attempt) {
    try {
      Connection::Open(parameters());
      return;
    } catch (const Error&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  throw std::runtime_error("the test server did not start, see " + directory_ + "/server.log");
}

void TestServer::Stop() {
  if (process_ == 0) return;
  kill(process_, SIGQUIT);
  WaitFor(process_);
  process_ = 0;
}

TestServer::~TestServer() {
  if (!is_own()) return;
  Stop();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

ConnectionParameters TestServer::parameters(const std::string& database) const {
  ConnectionParameters parameters = given_;
  if (is_own()) parameters = {{"host", directory_}, {"port", port_}, {"user", "postgres"}};
  parameters.emplace_back("dbname", database);
  return parameters;
}

TestDatabase::TestDatabase() {
  static std::atomic<int> count = 0;
  name_ = "memstack_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  Connection::Open(TestServer::Instance().parameters())->Execute("CREATE DATABASE " + name_);
}

TestDatabase::~TestDatabase() {
  try {
    Connection::Open(TestServer::Instance().parameters())
        ->Execute("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const Error&) {
    // A test that stopped the server has nothing to drop on.
  }
}

std::string ValueOf(Connection& connection, const std::string& sql) {
  const Result result = connection.ExecuteOutsideTransaction(sql, {});
  return std::string(result.value(0, 0).value_or("NULL"));
}

}  // namespace memstack::pg
