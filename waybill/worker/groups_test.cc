#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include <waybill/core/error.h>
#include <waybill/worker/internal/worker_fixture.h>
#include <waybill/worker/periodic.h>

namespace waybill::worker {
namespace {

using internal::seen;
using internal::Seen;
using namespace std::chrono_literals;

class GroupTest : public internal::WorkerTest {
 protected:
  static std::vector<NewTask> squares(int count) {
    std::vector<NewTask> tasks;
    for (int i = 0; i < count; ++i) tasks.push_back({"square", {{"n", i}}});
    return tasks;
  }
};

TEST_F(GroupTest, OneTaskFollowsWhenAllHaveEnded) {
  std::vector<json> sums;
  std::string trace_id;
  registry_.add("square", [](const json& payload) {
    const int n = payload.at("n");
    return json(n * n);
  });
  registry_.add("sum", [&](const json& payload) {
    sums.push_back(payload);
    trace_id = seen().trace_id;
  });
  const Context request = Context::new_trace();
  {
    const Scope scope{request};
    EXPECT_EQ(tasks_.create_group(squares(20), {"sum", {{"of", "squares"}}}).size(), 20U);
  }
  work_until([](const Counts& counts) { return counts.succeeded == 21; });
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].at("of"), "squares");
  ASSERT_EQ(sums[0].at("results").size(), 20U);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(sums[0].at("results")[i].at("result"), i * i);
  EXPECT_EQ(trace_id, request.trace_id().to_hex());
}

TEST_F(GroupTest, APartThatIsGivenUpHasAnError) {
  std::vector<json> results;
  registry_.add(
      "square",
      [](const json& payload) {
        if (payload.at("n") == 1) throw std::runtime_error("odd");
        return json("fine");
      },
      quick_);
  registry_.add("sum", [&](const json& payload) { results = payload.at("results"); });
  tasks_.create_group(squares(3), {"sum"});
  work_until([](const Counts& counts) { return counts.succeeded == 3; });
  EXPECT_EQ(counts_.gave_up, 1U);
  EXPECT_EQ(json(results), (json{{{"result", "fine"}}, {{"error", "odd"}}, {{"result", "fine"}}}));
}

TEST_F(GroupTest, ResultsThatCannotBeReadAreErrors) {
  json results;
  registry_.add("square", [](const json&) { return json(4); });
  registry_.add("sum", [&](const json& payload) { results = payload.at("results"); });
  queue_->arrive("g", 0, 2, "{no JSON");
  queue_->send({.body = R"({"task":"square","job_id":"1","group":{"id":"g","index":1,"total":2,)"
                        R"("then":{"task":"sum"}}})"});
  work_until([](const Counts& counts) { return counts.succeeded == 2; });
  EXPECT_EQ(results, (json{{{"error", "its result cannot be read"}}, {{"result", 4}}}));
}

TEST_F(GroupTest, WhatCannotFollowIsADeadLetterInTheEnd) {
  registry_.add(
      "deep",
      [](const json&) {
        json value = 1;
        for (int i = 0; i < 70; ++i) value = json::array({std::move(value)});
        return value;
      },
      quick_);
  tasks_.create_group({{"deep"}}, {"sum"});
  WorkerOptions options;
  options.visibility_timeout = 20ms;
  queue_ =
      queue::open("memory:WhatCannotFollowIsADeadLetterInTheEnd", {.visibility_timeout = 20ms});
  tasks_ = TaskManager(queue_);
  work_until([](const Counts& counts) { return counts.gave_up == 1; }, options);
  EXPECT_THAT(queue_->dead_letters(1).at(0).reason,
              testing::HasSubstr("what follows could not be created"));
}

TEST_F(GroupTest, HostileGroupsAreNoJobs) {
  for (const char* group :
       {R"({"id":"g","index":0,"total":1,"then":{"task":""}})",
        R"({"id":"","index":0,"total":1,"then":{"task":"sum"}})",
        R"({"id":"g","index":1,"total":1,"then":{"task":"sum"}})",
        R"({"id":"g","index":-1,"total":1,"then":{"task":"sum"}})",
        R"({"id":"g","index":0,"total":1e300,"then":{"task":"sum"}})",
        R"({"id":"g","index":0.5,"total":1,"then":{"task":"sum"}})", R"({})", R"(7)"}) {
    queue_->send({.body = std::string(R"({"task":"square","job_id":"1","group":)") + group + "}"});
  }
  registry_.add("square", [](const json&) { ADD_FAILURE() << "executed"; });
  work_until([](const Counts& counts) { return counts.gave_up == 8; });
}

TEST_F(GroupTest, RefusesWhatIsNoGroup) {
  EXPECT_THROW(
      tasks_.create_group(squares(1), {"sum", json::object(), {.delay = std::chrono::seconds(1)}}),
      Error);
  EXPECT_THROW(tasks_.create_group({}, {"sum"}), Error);
  EXPECT_THROW(tasks_.create_group(squares(1), {"sum", json::array()}), Error);
  EXPECT_THROW(tasks_.create_group({{"a", json::object(), {.deduplication_key = "k"}}}, {"sum"}),
               Error);
}

class CreationTest : public internal::WorkerTest {};

TEST_F(CreationTest, RefusesOptionsOutOfTheirRange) {
  const auto create = [this](CreateOptions options) {
    tasks_.create_task("a", json::object(), std::move(options));
  };
  EXPECT_THROW(create({.max_attempts = 0U}), Error);
  EXPECT_THROW(create({.max_attempts = 0x80000000U}), Error);
  EXPECT_THROW(create({.time_limit = -1ms}), Error);
  EXPECT_THROW(create({.time_limit = std::chrono::hours(24 * 25)}), Error);
  EXPECT_EQ(queue_->counts().ready, 0U);
  registry_.add("a", [](const json&) {});
  create({.time_limit = 0ms});
  work_until([](const Counts& counts) { return counts.succeeded == 1; });
}

TEST_F(CreationTest, PeriodicTasksOfOneNameAreToldApart) {
  PeriodicTasks periodic(tasks_);
  std::mutex mutex;
  std::set<std::string> kinds;
  registry_.add("report", [&](const json& payload) {
    const std::lock_guard lock(mutex);
    kinds.insert(payload.at("kind").get<std::string>());
  });
  periodic.every(50ms, "report", {{"kind", "daily"}});
  periodic.every(50ms, "report", {{"kind", "weekly"}});
  work_until([&](const Counts&) {
    const std::lock_guard lock(mutex);
    return kinds.size() == 2;
  });
  EXPECT_THROW(periodic.every(50ms, ""), Error);
  EXPECT_THROW(periodic.every(0ms, "report"), Error);
}

TEST_F(CreationTest, OfAKeyThereIsOneJob) {
  EXPECT_NE(tasks_.create_task("a", json::object(), {.deduplication_key = "k"}), "");
  EXPECT_EQ(tasks_.create_task("a", json::object(), {.deduplication_key = "k"}), "");
  EXPECT_EQ(queue_->counts().ready, 1U);
}

TEST_F(CreationTest, PeriodicTasksAreCreatedOnceByAnyNumberOfProcesses) {
  PeriodicTasks one(tasks_);
  PeriodicTasks other(tasks_);
  std::mutex mutex;
  std::vector<Seen> runs;
  registry_.add("tick", [&](const json&) {
    const std::lock_guard lock(mutex);
    runs.push_back(seen());
  });
  {
    const Scope scope{Context::current().with({{"account_id", "acme"}})};
    one.every(100ms, "tick");
    other.every(100ms, "tick");
  }
  const auto begin = std::chrono::steady_clock::now();
  work_until([](const Counts& counts) { return counts.succeeded >= 4; });
  // Two processes for themselves would have been twice as fast.
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 290ms);
  std::set<std::string> traces;
  for (const Seen& run : runs) {
    traces.insert(run.trace_id);
    EXPECT_EQ(run.account_id, "acme");
  }
  EXPECT_EQ(traces.size(), runs.size());
}

}  // namespace
}  // namespace waybill::worker
