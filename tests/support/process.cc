#include "tests/support/process.h"

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

extern char** environ;

namespace waybill::test {

Process::Process(std::vector<std::string> argv, const std::string& output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  std::vector<char*> pointers;
  for (std::string& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const int error = posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), argv[0]);
}

Process::~Process() {
  send_signal(SIGTERM);
  if (!eventually([this] { return !running(); }, 10)) send_signal(SIGKILL);
  wait();
}

bool Process::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == pid_) remember(status);
  return pid_ >= 0;
}

void Process::send_signal(int signal) noexcept {
  if (pid_ >= 0) kill(pid_, signal);
}

int Process::wait() {
  int status = 0;
  while (pid_ >= 0) {
    if (waitpid(pid_, &status, 0) == pid_) {
      remember(status);
    } else if (errno != EINTR) {
      pid_ = -1;
    }
  }
  return status_;
}

void Process::remember(int status) noexcept {
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = -1;
}

}  // namespace waybill::test
