#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/async/run_in_thread.h>
#include <waybill/async/sleep.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/worker/internal/worker_fixture.h>

namespace waybill::worker {
namespace {

using internal::field;
using internal::Seen;
using internal::seen;
using internal::WorkerTest;
using namespace std::chrono_literals;
using testing::ElementsAre;

TEST_F(WorkerTest, RunsATaskUnderTheContextOfItsCreator) {
  std::promise<Seen> promise;
  registry_.add("charge", [&](const json& payload) {
    EXPECT_EQ(payload.at("cents"), 1200);
    promise.set_value(run_in_thread(seen).get());
  });
  std::string job_id;
  const Context request = Context::new_trace().with({{"account_id", "acme"}});
  {
    const Scope scope{request};
    job_id = tasks_.create_task("charge", {{"cents", 1200}});
  }
  work_until([](const Counts& counts) { return counts.succeeded == 1; });
  const Seen around = promise.get_future().get();
  EXPECT_EQ(around.trace_id, request.trace_id().to_hex());
  EXPECT_EQ(around.job_id, job_id);
  EXPECT_EQ(around.task_name, "charge");
  EXPECT_EQ(around.attempt, "1");
  EXPECT_EQ(around.account_id, "acme");
  EXPECT_EQ(queue_->counts().ready + queue_->counts().in_flight, 0U);
}

TEST_F(WorkerTest, RunsCoroutinesWhateverThreadsTheyUse) {
  std::promise<Seen> promise;
  ThreadPool other({.threads = 2});
  registry_.add("sync", [&](const json& payload, Execution& execution) -> task<json> {
    co_await sleep_for(default_pool().executor(), 1ms);
    co_await other.schedule();
    EXPECT_EQ(execution.attempt(), 1U);
    promise.set_value(seen());
    co_return payload;
  });
  tasks_.create_task("sync", {{"account_id", "of the payload"}});
  work_until([](const Counts& counts) { return counts.succeeded == 1; });
  const Seen around = promise.get_future().get();
  EXPECT_EQ(around.task_name, "sync");
  EXPECT_EQ(around.account_id, "of the payload");
}

TEST_F(WorkerTest, NumbersAttemptsAndKeepsTheTrace) {
  std::vector<Seen> attempts;
  registry_.add(
      "flaky",
      [&](const json&) {
        attempts.push_back(seen());
        if (attempts.size() < 3) throw std::runtime_error("not yet");
      },
      quick_);
  tasks_.create_task("flaky");
  work_until([](const Counts& counts) { return counts.succeeded == 1; });
  ASSERT_EQ(attempts.size(), 3U);
  EXPECT_EQ(counts_.failed, 2U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(attempts[i].attempt, std::to_string(i + 1));
    EXPECT_EQ(attempts[i].trace_id, attempts[0].trace_id);
    EXPECT_EQ(attempts[i].job_id, attempts[0].job_id);
  }
}

TEST_F(WorkerTest, AForeignJobWithoutATraceIsKnownByItsId) {
  std::vector<std::string> traces;
  registry_.add(
      "foreign",
      [&](const json&) {
        traces.emplace_back(Context::current().trace_name());
        if (traces.size() < 2) throw std::runtime_error("not yet");
      },
      quick_);
  queue_->send({.body = R"({"task":"foreign","job_id":"order-7"})"});
  work_until([](const Counts& counts) { return counts.succeeded == 1; });
  EXPECT_THAT(traces, ElementsAre("order-7", "order-7"));
}

TEST_F(WorkerTest, GivesUpAfterTheLastAttempt) {
  std::atomic<int> attempts = 0;
  registry_.add(
      "broken",
      [&](const json&) {
        ++attempts;
        throw std::runtime_error("never");
      },
      quick_);
  tasks_.create_task("broken", {{"a", 1}}, {.max_attempts = 2});
  work_until([](const Counts& counts) { return counts.gave_up == 1; });
  EXPECT_EQ(attempts, 2);
  const auto dead = queue_->dead_letters(10);
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].reason, "never");
  EXPECT_EQ(dead[0].attempts, 2U);
}

TEST_F(WorkerTest, DoesNotRetryWhatIsPermanent) {
  registry_.add(
      "closed", [](const json&) { throw PermanentError("account closed"); }, quick_);
  tasks_.create_task("closed");
  work_until([](const Counts& counts) { return counts.gave_up == 1; });
  EXPECT_EQ(counts_.failed, 0U);
}

TEST_F(WorkerTest, BuriesPoisonWithItsBytes) {
  const std::string poison =
      "{\"task\":\"x\",\xff\0"
      "}";
  queue_->send({.body = poison});
  queue_->send({.body = R"({"task":3,"job_id":"a"})"});
  queue_->send({.body = R"({"task":"unknown","job_id":"b"})"});
  work_until([](const Counts& counts) { return counts.gave_up == 3; });
  std::vector<std::string> reasons;
  for (const auto& letter : queue_->dead_letters(10)) {
    reasons.push_back(letter.reason);
    if (letter.body == poison) reasons.back() += " (as it was)";
  }
  EXPECT_THAT(reasons,
              testing::UnorderedElementsAre("the body is not one JSON object (as it was)",
                                            "member 'task' is not a text of at most 256 bytes",
                                            "no task of this name is registered: unknown"));
}

TEST_F(WorkerTest, ChildrenInheritTraceAndFields) {
  std::promise<std::pair<Seen, std::string>> child;
  std::promise<Seen> parent;
  registry_.add("parent", [&](const json&, Execution& execution) {
    parent.set_value(seen());
    execution.tasks().create_task("child");
  });
  registry_.add("child", [&](const json&) {
    child.set_value({seen(), field(Context::current(), "parent_job_id")});
  });
  {
    const Scope scope{Context::new_trace().with({{"account_id", "acme"}})};
    tasks_.create_task("parent");
  }
  work_until([](const Counts& counts) { return counts.succeeded == 2; });
  const auto [of_child, parent_job_id] = child.get_future().get();
  const Seen of_parent = parent.get_future().get();
  EXPECT_EQ(of_child.trace_id, of_parent.trace_id);
  EXPECT_EQ(of_child.account_id, "acme");
  EXPECT_EQ(parent_job_id, of_parent.job_id);
  EXPECT_NE(of_child.job_id, of_parent.job_id);
}

TEST_F(WorkerTest, HeartbeatsKeepALongTaskFromBeingDeliveredAgain) {
  queue_ = queue::open("memory:long", {.visibility_timeout = 600ms});
  tasks_ = TaskManager(queue_);
  std::atomic<int> attempts = 0;
  registry_.add("long", [&](const json&) {
    ++attempts;
    std::this_thread::sleep_for(1500ms);  // is what takes long, and not a synchronisation
  });
  tasks_.create_task("long");
  work_until([](const Counts& counts) { return counts.succeeded == 1; },
             {.visibility_timeout = 600ms});
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(counts_.lost, 0U);
}

TEST_F(WorkerTest, AsksATaskToStopAtItsTimeLimit) {
  TaskOptions options = quick_;
  options.time_limit = 20ms;
  options.retry.max_attempts = 1;
  registry_.add(
      "slow", [](const json&) -> task<void> { co_await sleep_for(default_pool().executor(), 1h); },
      options);
  tasks_.create_task("slow");
  work_until([](const Counts& counts) { return counts.gave_up == 1; });
  const auto dead = queue_->dead_letters(1);
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].reason, "time limit of 20 ms has passed: cancelled");
}

TEST_F(WorkerTest, HandsBackWhatDoesNotEnd) {
  std::atomic<bool> go_on = true;
  std::atomic<int> begun = 0;
  registry_.add("stubborn", [&](const json&) {
    ++begun;
    while (go_on) std::this_thread::sleep_for(1ms);
  });
  tasks_.create_task("stubborn");
  Worker worker(tasks_, registry_, {.stop_timeout = 10ms, .stop_grace = 10ms});
  std::thread running([&] { worker.run(); });
  while (begun == 0) std::this_thread::sleep_for(1ms);
  worker.stop();
  running.join();
  EXPECT_EQ(worker.counts().handed_back, 1U);
  EXPECT_EQ(queue_->counts().ready, 1U);
  go_on = false;
}

TEST_F(WorkerTest, HandsBackWhatHasNotBegun) {
  std::atomic<bool> go_on = true;
  std::atomic<int> begun = 0;
  registry_.add("stubborn", [&](const json&) {
    ++begun;
    while (go_on) std::this_thread::sleep_for(1ms);
  });
  for (int i = 0; i < 4; ++i) tasks_.create_task("stubborn");
  {
    Worker worker(tasks_, registry_, {.concurrency = 1, .stop_timeout = 10ms, .stop_grace = 10ms});
    std::thread running([&] { worker.run(); });
    while (begun == 0 || worker.counts().in_hand < 4) std::this_thread::sleep_for(1ms);
    worker.stop();
    running.join();
    EXPECT_EQ(worker.counts().handed_back, 4U);
    EXPECT_EQ(queue_->counts().ready, 4U);
    go_on = false;
  }
  EXPECT_EQ(begun, 1) << "executed without a lease";
}

// A coroutine waits for a thread behind what was in hand before it. The gate holds the only thread
// until all are in hand.
TEST_F(WorkerTest, HandsBackCoroutinesThatHaveNotBegun) {
  std::atomic<bool> is_open = false;
  std::atomic<bool> go_on = true;
  std::atomic<int> begun = 0;
  std::atomic<int> resumed = 0;
  registry_.add("gate", [&](const json&) {
    while (!is_open) std::this_thread::sleep_for(1ms);
  });
  registry_.add("stubborn", [&](const json&) {
    ++begun;
    while (go_on) std::this_thread::sleep_for(1ms);
  });
  registry_.add("patient", [&](const json&) -> task<void> {
    ++resumed;
    co_return;
  });
  tasks_.create_tasks({{"gate"}, {"patient"}, {"stubborn"}});
  {
    Worker worker(tasks_, registry_, {.concurrency = 1, .stop_timeout = 10ms, .stop_grace = 10ms});
    std::thread running([&] { worker.run(); });
    while (worker.counts().in_hand < 3) std::this_thread::sleep_for(1ms);
    is_open = true;
    while (begun == 0) std::this_thread::sleep_for(1ms);
    worker.stop();
    running.join();
    EXPECT_EQ(worker.counts().handed_back, 2U);
    go_on = false;
  }
  EXPECT_EQ(resumed, 0) << "executed without a lease";
}

TEST_F(WorkerTest, ATimeLimitBeginsWithTheExecution) {
  std::atomic<bool> is_open = false;
  std::atomic<int> stopped = 0;
  registry_.add("gate", [&](const json&) {
    while (!is_open) std::this_thread::sleep_for(1ms);
  });
  registry_.add("slow", [](const json&) { std::this_thread::sleep_for(300ms); });
  registry_.add("quick",
                [&](const json&, Execution& execution) -> task<void> {
                  if (execution.stop_token().stop_requested()) ++stopped;
                  co_return;
                },
                {.time_limit = 150ms});
  tasks_.create_tasks({{"gate"}, {"quick"}, {"slow"}});
  work_until(
      [&](const Counts& counts) {
        if (counts.in_hand == 3) is_open = true;
        return counts.succeeded == 3;
      },
      {.concurrency = 1});
  EXPECT_EQ(stopped, 0);
}

TEST_F(WorkerTest, TakesWhatTheJobsInHandWaitFor) {
  std::atomic<int> children = 0;
  registry_.add("parent", [&](const json&) -> task<void> {
    while (children == 0) co_await sleep_for(default_pool().executor(), 1ms);
  });
  registry_.add("child", [&](const json&) { ++children; });
  registry_.add("brief", [](const json&) {});
  // Of sixteen in hand, fifteen wait for one that has no place yet.
  tasks_.create_task("brief");
  tasks_.create_tasks(std::vector<NewTask>(15, {"parent"}));
  tasks_.create_task("child");
  work_until([](const Counts& counts) { return counts.succeeded == 17; }, {.in_hand = 16});
}

TEST_F(WorkerTest, WhatIsStoppedHasNotFailed) {
  std::atomic<int> begun = 0;
  registry_.add("patient",
                [&](const json&) -> task<void> {
                  ++begun;
                  co_await sleep_for(default_pool().executor(), 1h);
                },
                {.retry = {.max_attempts = 1}});
  tasks_.create_task("patient", json::object(), {.callback = {.url = "http://127.0.0.1:1/done"}});
  Worker worker(tasks_, registry_, {.stop_timeout = 10ms, .stop_grace = 10s});
  std::thread running([&] { worker.run(); });
  while (begun == 0) std::this_thread::sleep_for(1ms);
  worker.stop();
  running.join();
  EXPECT_EQ(worker.counts().handed_back, 1U);
  EXPECT_EQ(queue_->counts().ready, 1U) << "the job, and no callback";
  EXPECT_EQ(queue_->counts().dead, 0U);
}

TEST_F(WorkerTest, WhatWasDeliveredBeforeAndHasNotFailedIsStillExecuted) {
  int attempt = 0;
  registry_.add(
      "once",
      [&](const json&, Execution& execution) { attempt = static_cast<int>(execution.attempt()); },
      {.retry = {.max_attempts = 1}});
  tasks_.create_task("once");
  ASSERT_TRUE(queue_->receive(0ms)->retry());  // as by a worker that was ended
  work_until([](const Counts& counts) { return counts.succeeded == 1; });
  EXPECT_EQ(attempt, 2);
}

TEST_F(WorkerTest, GivesUpWhatNeverComesToAnEnd) {
  int executions = 0;
  registry_.add("deadly", [&](const json&) { ++executions; }, {.retry = {.max_attempts = 2}});
  tasks_.create_task("deadly");
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queue_->receive(0ms)->retry());
  work_until([](const Counts& counts) { return counts.gave_up == 1; });
  EXPECT_EQ(executions, 0);
  EXPECT_EQ(queue_->dead_letters(1).at(0).reason, "never came to an end");
}

TEST_F(WorkerTest, AForeignJobKeepsItsFieldsAlsoWithoutATrace) {
  Seen found;
  registry_.add("charge", [&](const json&) { found = seen(); });
  queue_->send({.body = R"({"task":"charge","job_id":"f-1",)"
                        R"("_trace":{"fields":{"account_id":"acme"}}})"});
  work_until([](const Counts& counts) { return counts.succeeded == 1; });
  EXPECT_EQ(found.account_id, "acme");
}

}  // namespace
}  // namespace waybill::worker
