#include "program/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace memstack::program {
namespace {

std::string ReadAll(int pipe) {
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t count = read(pipe, piece.data(), piece.size());
    if (count > 0) text.append(piece.data(), static_cast<size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) return text;
  }
}

// 0: started as `child`, writing into `pipe`.
int Start(const std::vector<std::string>& command, int pipe, pid_t& child) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // An interpreter that were to read (PYTHONINSPECT is set) would wait for ever at a terminal.
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe, STDERR_FILENO);
  const int failure = posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

}  // namespace

std::optional<ChildOutput> RunChild(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  pid_t child = 0;
  const int failure = Start(command, ends[1], child);
  close(ends[1]);
  ChildOutput output;
  if (failure == 0) output.text = ReadAll(ends[0]);
  close(ends[0]);
  if (failure != 0) return std::nullopt;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status)) output.exit_code = WEXITSTATUS(status);
  return output;
}

}  // namespace memstack::program
