// For tests: a queue in memory, and a worker that works until something is done.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/worker/worker.h>

namespace waybill::worker::internal {

inline std::string field(const Context& context, std::string_view key) {
  for (const Field& field : context.fields()) {
    if (field.key == key) return field.value.to_string();
  }
  return "-";
}

// What an attempt saw around it.
struct Seen {
  std::string trace_id;
  std::string job_id;
  std::string task_name;
  std::string attempt;
  std::string account_id;
};
inline Seen seen() {
  const Context& context = Context::current();
  return {context.trace_id().to_hex(), field(context, "job_id"), field(context, "task_name"),
          field(context, "attempt"), field(context, "account_id")};
}

class WorkerTest : public testing::Test {
 protected:
  // Works until `enough` says so, at most half a minute.
  void work_until(const std::function<bool(const Counts&)>& enough, WorkerOptions options = {}) {
    Worker worker(tasks_, registry_, options);
    std::thread running([&] { worker.run(); });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!enough(worker.counts()) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    worker.stop();
    running.join();
    counts_ = worker.counts();
    EXPECT_TRUE(enough(counts_));
  }

  std::shared_ptr<queue::Queue> queue_ = queue::open(
      std::string("memory:") + testing::UnitTest::GetInstance()->current_test_info()->name());
  TaskManager tasks_{queue_};
  Registry registry_;
  Counts counts_;
  // Quick to come back.
  const TaskOptions quick_{
      .retry = {.max_attempts = 3, .first_delay = std::chrono::milliseconds(1)}};
};

}  // namespace waybill::worker::internal
