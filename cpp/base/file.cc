#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace memstack {
namespace {

// REQUIRES: `file` is open. Returns errno, 0 on success.
int ReadAll(int file, std::string& content) {
  struct stat status {};
  if (fstat(file, &status) == 0 && status.st_size > 0) content.resize(static_cast<size_t>(status.st_size));
  size_t length = 0;
  for (;;) {
    if (length == content.size()) content.resize(content.size() + 4096);
    const ssize_t got = read(file, content.data() + length, content.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    length += static_cast<size_t>(got);
  }
  content.resize(length);
  return 0;
}

}  // namespace

std::string ReadFile(const std::string& path, std::error_code& error) {
  error.clear();
  std::string content;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  int failure = errno;
  if (file >= 0) {
    failure = ReadAll(file, content);
    close(file);
  }
  if (failure == 0) return content;
  error.assign(failure, std::generic_category());
  return "";
}

}  // namespace memstack
