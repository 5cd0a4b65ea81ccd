// A queue that does not always do what it is asked to.
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/queue/internal/faulty_queue.h>
#include <waybill/worker/periodic.h>
#include <waybill/worker/worker.h>

namespace waybill::worker {
namespace {

using namespace std::chrono_literals;
using queue::internal::FaultyQueue;

class FailingQueueTest : public testing::Test {
 protected:
  template <class Condition>
  static bool eventually(Condition&& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(1ms);
    }
    return true;
  }

  const std::shared_ptr<FaultyQueue> queue_ =
      std::make_shared<FaultyQueue>(testing::UnitTest::GetInstance()->current_test_info()->name());
  TaskManager tasks_{queue_};
};

TEST_F(FailingQueueTest, AnAckThatCannotBeWrittenIsTriedAgain) {
  std::atomic<int> runs = 0;
  Registry registry;
  registry.add("charge", [&](const json&) { ++runs; });
  queue_->failing_acks = 2;
  tasks_.create_task("charge");
  Worker worker(tasks_, registry);
  std::thread running([&] { worker.run(); });
  EXPECT_TRUE(eventually([&] { return worker.counts().succeeded == 1; }));
  worker.stop();
  running.join();
  EXPECT_EQ(queue_->failing_acks, 0);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(queue_->counts().ready + queue_->counts().in_flight, 0U);
}

TEST_F(FailingQueueTest, APeriodicTaskThatCannotBeCreatedIsTriedAgain) {
  queue_->failing_sends = 1;
  PeriodicTasks periodic(tasks_);
  // Due but once within the test.
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const auto offset = std::chrono::floor<std::chrono::milliseconds>(since_1970 + 50ms) % 24h;
  periodic.every(24h, "report", {}, {.offset = offset});
  EXPECT_TRUE(eventually([&] { return queue_->counts().ready == 1; }));
  EXPECT_EQ(queue_->failing_sends, 0);
}

}  // namespace
}  // namespace waybill::worker
