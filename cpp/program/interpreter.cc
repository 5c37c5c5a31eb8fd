#include "program/interpreter.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "program/child_process.h"

namespace memstack::program {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kVersion = MEMSTACK_VERSION;
constexpr const char* kNamingVariable = "MEMSTACK_MIGRATE_PYTHON";
constexpr int kOldestMinor = 10;  // Python 3.10

// Site packages may print when Python starts, and PYTHONVERBOSE does: the answer stands behind this.
constexpr std::string_view kMark = "\x02memstack-migrate\x02";
enum Field : size_t { kExecutable, kPythonVersion, kLibrary, kPackageVersion, kProblem, kFieldCount };

// The answer: the mark, then each field with a NUL behind it. Python 2 can run this, too, so that an old
// interpreter is told from a broken one. LIBDIR is wrong for a Python that was moved after its build, hence
// base_prefix. INSTSONAME names an archive where the interpreter was built without a shared library.
constexpr const char* kQuestion = R"(
import os, sys, sysconfig
def library():
    get = sysconfig.get_config_var
    for name in (get("INSTSONAME"), get("LDLIBRARY")):
        for folder in (get("LIBDIR"), get("LIBPL"), os.path.join(getattr(sys, "base_prefix", sys.prefix), "lib")):
            if name and ".so" in name and folder and os.path.isfile(os.path.join(folder, name)):
                return os.path.join(folder, name)
    return ""
package, problem = "", ""
if sys.version_info >= (3, 10):
    try:
        from memstack_migrate import _engine
        package = getattr(_engine, "__version__", "unknown")
    except ModuleNotFoundError as error:
        problem = "missing" if error.name == "memstack_migrate" else "%s: %s" % (type(error).__name__, error)
    except Exception as error:
        problem = "%s: %s" % (type(error).__name__, error)
encode = getattr(os, "fsencode", lambda text: text)
fields = (sys.executable or "", sys.version.split()[0], library(), package, problem)
os.write(1, b"\2memstack-migrate\2" + b"".join(encode(field) + b"\0" for field in fields))
)";

bool IsProgram(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> FindIn(const fs::path& folder) {
  for (const char* name : {"python", "python3"}) {
    if (IsProgram(folder / name)) return (folder / name).string();
  }
  return std::nullopt;
}

// An empty part of PATH is the working directory, as for a shell.
std::optional<std::string> FindOnPath(std::string_view path, const std::string& name) {
  while (!path.empty()) {
    const size_t colon = path.find(':');
    const fs::path folder = path.substr(0, colon);
    const fs::path program = (folder.empty() ? fs::path(".") : folder) / name;
    if (IsProgram(program)) return program.string();
    path = colon == std::string_view::npos ? std::string_view() : path.substr(colon + 1);
  }
  return std::nullopt;
}

std::string LocateNamed(const InterpreterSearch& search) {
  if (search.named.find('/') == std::string::npos) {
    if (const auto found = FindOnPath(search.path, search.named)) return *found;
  } else if (IsProgram(search.named)) {
    return search.named;
  }
  throw Error(ErrorCode::kInterpreter,
              fmt::format("{} names '{}', which is no program", kNamingVariable, search.named))
      .Hint("give the path of a Python interpreter that has memstack-migrate installed, or unset it");
}

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string LastLine(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const size_t end = text.rfind('\n');
  return std::string(end == std::string_view::npos ? text : text.substr(end + 1));
}

std::optional<std::vector<std::string>> ReadFields(std::string_view output) {
  const size_t mark = output.find(kMark);
  if (mark == std::string_view::npos) return std::nullopt;
  output.remove_prefix(mark + kMark.size());
  std::vector<std::string> fields;
  while (fields.size() < kFieldCount) {
    const size_t end = output.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    fields.emplace_back(output.substr(0, end));
    output.remove_prefix(end + 1);
  }
  return fields;
}

bool IsNewEnough(std::string_view version) {
  if (!version.starts_with("3.")) return !version.starts_with("2.");
  version.remove_prefix(2);
  int minor = 0;
  std::from_chars(version.data(), version.data() + version.size(), minor);
  return minor >= kOldestMinor;
}

Error PackageError(const std::string& what, const std::string& path) {
  return Error(ErrorCode::kInterpreter, what)
      .Hint(fmt::format(
          "{} -m pip install memstack-migrate=={}; or activate the environment that has it, or name "
          "its interpreter in {}",
          path, kVersion, kNamingVariable));
}

}  // namespace

InterpreterSearch SearchOfThisProcess() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return {.named = Variable(kNamingVariable),
          .virtual_env = Variable("VIRTUAL_ENV"),
          .program_directory = failed ? fs::path() : program.parent_path(),
          .path = Variable("PATH")};
}

std::string LocateInterpreter(const InterpreterSearch& search) {
  if (!search.named.empty()) return LocateNamed(search);
  if (!search.virtual_env.empty()) {
    if (const auto found = FindIn(search.virtual_env / "bin")) return *found;
  }
  if (!search.program_directory.empty()) {
    if (const auto found = FindIn(search.program_directory)) return *found;
  }
  for (const char* name : {"python3", "python"}) {
    if (const auto found = FindOnPath(search.path, name)) return *found;
  }
  throw Error(ErrorCode::kInterpreter, "this needs Python, and none was found")
      .Hint(fmt::format(
          "activate the virtual environment that has memstack-migrate, or name its interpreter in "
          "{}; heads, history and a database at head need no Python",
          kNamingVariable));
}

Interpreter ReadAnswer(const std::string& path, std::string_view output) {
  const auto fields = ReadFields(output);
  if (!fields) {
    throw Error(ErrorCode::kInterpreter,
                fmt::format("'{}' does not answer as a Python interpreter does; it said: {}", path,
                            output.empty() ? "nothing" : LastLine(output)))
        .Hint(fmt::format("name an interpreter in {}", kNamingVariable));
  }
  const std::string& executable = (*fields)[kExecutable];
  Interpreter interpreter{executable.empty() ? path : executable, (*fields)[kPythonVersion],
                          (*fields)[kLibrary]};
  const std::string what = fmt::format("Python {} ({})", interpreter.version, path);
  if (!IsNewEnough(interpreter.version)) {
    throw Error(ErrorCode::kInterpreter, fmt::format("{} is too old: 3.{} is needed", what, kOldestMinor))
        .Hint(fmt::format("name a newer interpreter in {}", kNamingVariable));
  }
  const std::string& problem = (*fields)[kProblem];
  if (problem == "missing") throw PackageError(what + " does not have the package memstack_migrate", path);
  if (!problem.empty()) {
    throw PackageError(fmt::format("{} cannot import memstack_migrate: {}", what, problem), path);
  }
  const std::string& package = (*fields)[kPackageVersion];
  if (package != kVersion) {
    throw PackageError(
        fmt::format("this program is memstack-migrate {}, but the package memstack_migrate of {} "
                    "is {}",
                    kVersion, what, package),
        path);
  }
  return interpreter;
}

Interpreter AskInterpreter(const std::string& path) {
  const auto output = RunChild({path, "-c", kQuestion});
  if (!output) {
    throw Error(ErrorCode::kInterpreter, fmt::format("the Python interpreter '{}' cannot be started", path))
        .Hint(fmt::format("name another in {}", kNamingVariable));
  }
  return ReadAnswer(path, output->text);
}

}  // namespace memstack::program
