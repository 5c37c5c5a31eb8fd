#include "program/handover.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "base/error.h"

namespace memstack::program {
namespace {

// https://docs.python.org/3/c-api/init_config.html, without its headers: both are of the stable ABI.
using BytesMain = int (*)(int, char**);
using GetVersion = const char* (*)();

// Nothing where the interpreter has no libpython, or where that cannot be loaded or is of another release
// (libpython and interpreter may be two packages): starting the interpreter is then as good.
BytesMain LoadPython(const Interpreter& interpreter) {
  if (interpreter.library.empty()) return nullptr;
  // RTLD_GLOBAL: Python's own extension modules are not linked with libpython.
  void* const library = dlopen(interpreter.library.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) return nullptr;
  const auto version = reinterpret_cast<GetVersion>(dlsym(library, "Py_GetVersion"));
  if (version == nullptr) return nullptr;
  const std::string_view release = version();
  if (release.substr(0, release.find(' ')) != interpreter.version) return nullptr;
  return reinterpret_cast<BytesMain>(dlsym(library, "Py_BytesMain"));
}

}  // namespace

int RunInPython(const Interpreter& interpreter, const std::vector<std::string>& arguments) {
  // The first word is what Python finds its environment by.
  std::vector<std::string> words = {interpreter.executable, "-m", "memstack_migrate"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::fflush(nullptr);
  if (const BytesMain python = LoadPython(interpreter))
    return python(static_cast<int>(words.size()), argv.data());
  execv(argv[0], argv.data());
  throw Error(ErrorCode::kInterpreter, fmt::format("the Python interpreter '{}' cannot be started: {}",
                                                   interpreter.executable, std::strerror(errno)));
}

}  // namespace memstack::program
