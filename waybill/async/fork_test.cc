// What a forked child finds: the context of the thread that forked, ids of its own, and pools that
// work although none of the parent's threads are there.
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/run_in_thread.h>
#include <waybill/async/thread.h>
#include <waybill/async/thread_pool.h>
#include <waybill/core/sanitizers.h>

// Not under GCC 12's AddressSanitizer: in the child, the locks of its allocator are as the parent's
// other threads held them, and a child that allocates can hang.
#if !WAYBILL_ADDRESS_SANITIZER

namespace waybill {
namespace {

using internal::current_name;
using internal::named;

// What `in_child` returns there. A child that hangs is ended by its alarm; the text is empty then.
std::string from_child(const std::function<std::string()>& in_child) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    std::string said;
    try {
      said = in_child();
    } catch (const std::exception& error) {
      said = std::string("threw ") + error.what();
    }
    const bool written = write(ends[1], said.data(), said.size()) >= 0;
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::string said;
  char buffer[256];
  for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;) said.append(buffer, n);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status)) said += " (ended by signal " + std::to_string(WTERMSIG(status)) + ")";
  return said;
}

// Forks in a process that has other threads and a pool at work.
class Fork : public testing::Test {
 protected:
  void TearDown() override {
    go_.set_value();
    pool_.stop();
    EXPECT_TRUE(Context::current().empty()) << "the test left a context";
  }

  // Work of the parent that is not finished when it forks.
  Future<std::string> unfinished() {
    return pool_.submit([this] {
      went_.wait();
      return current_name();
    });
  }

  std::promise<void> go_;
  std::shared_future<void> went_ = go_.get_future().share();
  ThreadPool pool_{{.threads = 2}};
};

TEST_F(Fork, TheChildKeepsTheContextOfTheForkingThread) {
  pool_.submit([] {}).get();
  const Scope scope{named("forking").with({{"job_id", 42}})};
  EXPECT_EQ(from_child([] {
              return current_name() + " " +
                     std::to_string(Context::current().fields()[0].value.as_int64());
            }),
            "forking 42");
  EXPECT_EQ(current_name(), "forking");
}

TEST_F(Fork, EachChildHasIdsOfItsOwn) {
  SpanId::random();
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    ids.insert(from_child([] {
      const SpanId id = SpanId::random();
      return std::string(reinterpret_cast<const char*>(&id), sizeof id);
    }));
  }
  const SpanId mine = SpanId::random();
  ids.insert(std::string(reinterpret_cast<const char*>(&mine), sizeof mine));
  EXPECT_EQ(ids.size(), 21U);
}

TEST_F(Fork, TheChildMakesContextsWhateverOtherThreadsWereDoing) {
  std::atomic<bool> ending{false};
  std::vector<std::jthread> busy;
  for (int i = 0; i < 3; ++i) {
    busy.emplace_back([&] {
      while (!ending) pool_.submit([context = named("busy").with({{"n", 1}})] {}).wait();
    });
  }
  int right = 0;
  for (int i = 0; i < 200; ++i) {
    right += from_child([] {
               for (int n = 0; n < 200; ++n) restore(named("child").with({{"n", n}}).child());
               return current_name();
             }) == "child";
  }
  ending = true;
  EXPECT_EQ(right, 200);
}

TEST_F(Fork, WhatWaitsInTheParentIsNotDoneTwice) {
  Future<std::string> parents = unfinished();
  EXPECT_EQ(
      from_child([&] {
        try {
          return parents.get();
        } catch (const std::future_error& error) {
          return std::string(error.code() == std::future_errc::broken_promise ? "broken" : "other");
        }
      }),
      "broken");
}

TEST_F(Fork, AResultThatWasThereIsThereInTheChild) {
  const Scope scope{named("forking")};
  Future<std::string> parents = pool_.submit(current_name);
  parents.wait();
  EXPECT_EQ(from_child([&] { return parents.get(); }), "forking");
  EXPECT_EQ(parents.get(), "forking");
}

TEST_F(Fork, TheChildCanEndAnInheritedPoolThatItDidNotUse) {
  auto pool = std::make_unique<ThreadPool>(ThreadPoolOptions{.threads = 2});
  const Future<> waiting = pool->submit([this] { went_.wait(); });
  EXPECT_EQ(from_child([&] {
              pool->stop();
              const bool taken = pool->post([] {});
              pool.reset();
              return std::string(taken ? "taken" : "refused");
            }),
            "refused");
  go_.set_value();
  pool.reset();
  go_ = {};
}

TEST_F(Fork, AChildThatExitsIsNotHeldUpByTheParentsDefaultPool) {
  std::promise<void> go;
  run_in_thread([wait = go.get_future()]() mutable { wait.wait(); });
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    default_pool().stop();
    _exit(0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  go.set_value();
}

// ThreadSanitizer ends the child of a process with several threads when it starts one: "starting
// new threads after multi-threaded fork is not supported".
#if !WAYBILL_THREAD_SANITIZER

TEST_F(Fork, TheChildStartsThreadsWithTheContext) {
  const Scope scope{named("forking")};
  EXPECT_EQ(from_child([] {
              std::string seen;
              std::string plain = "?";
              waybill::thread([&] { seen = current_name(); }).join();
              std::thread([&] { plain = current_name(); }).join();
              return seen + "," + plain;
            }),
            "forking,");
}

TEST_F(Fork, TheChildStartsPools) {
  const Scope scope{named("forking")};
  EXPECT_EQ(from_child([] { return ThreadPool().submit(current_name).get(); }), "forking");
  EXPECT_EQ(from_child([] { return run_in_thread(current_name).get(); }), "forking");
}

TEST_F(Fork, AnInheritedPoolStartsThreadsOfItsOwnInTheChild) {
  const Future<std::string> parents = unfinished();
  const Scope scope{named("forking")};
  EXPECT_EQ(from_child([&] {
              std::string seen;
              for (int i = 0; i < 100; ++i) seen = pool_.submit(current_name).get();
              pool_.stop();
              return seen;
            }),
            "forking");
  EXPECT_EQ(pool_.submit(current_name).get(), "forking");
}

TEST_F(Fork, TheDefaultPoolStartsThreadsOfItsOwnInTheChild) {
  run_in_thread([] {}).get();
  const Scope scope{named("forking")};
  EXPECT_EQ(from_child([] { return run_in_thread(current_name).get(); }), "forking");
}

#endif  // WAYBILL_THREAD_SANITIZER

}  // namespace
}  // namespace waybill

#endif  // WAYBILL_ADDRESS_SANITIZER
