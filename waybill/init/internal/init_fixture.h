// For tests: what a process does that calls init().
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/init/internal/settings_fixture.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill::internal {

// Each test runs in a process of its own, as init() is for all of one.
class InitTest : public testing::Test {
 protected:
  struct Outcome {
    int status = -1;
    std::string output = {};
    std::string error = {};
  };

  // What a child writes that has these variables and runs `body`.
  Outcome run(const Variables& variables, const std::function<void()>& body) const {
    const pid_t child = fork();
    if (child == 0) {
      for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
      if (freopen((folder_ / "stdout").c_str(), "w", stdout) == nullptr) _exit(98);
      if (freopen((folder_ / "stderr").c_str(), "w", stderr) == nullptr) _exit(98);
      try {
        body();
      } catch (...) {
        _exit(99);
      }
      flush();
      std::fflush(stdout);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            .output = folder_.read("stdout"),
            .error = folder_.read("stderr")};
  }

  const SettingsFolder folder_;
};

}  // namespace waybill::internal
