// A program that a test starts, and ends at the latest when the test does.
#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace waybill::test {

class Process {
 public:
  // argv[0] is the program's path. Standard output and error go to the file `output`.
  Process(std::vector<std::string> argv, const std::string& output);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  // SIGTERM, and SIGKILL if that has not helped within ten seconds.
  ~Process();

  pid_t pid() const noexcept { return pid_; }
  bool running();
  void send_signal(int signal) noexcept;
  // Waits for the end: the exit status, or 128 and the signal's number.
  int wait();

 private:
  void remember(int status) noexcept;

  pid_t pid_ = -1;
  int status_ = -1;
};

// Calls `condition` every few milliseconds until it is true; false when it is not within `seconds`.
template <class Condition>
bool eventually(Condition&& condition, int seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace waybill::test
