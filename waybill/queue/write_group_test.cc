#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/internal/write_group.h>

namespace waybill::queue::internal {
namespace {

using namespace std::chrono_literals;

class WriteGroupTest : public ::testing::Test {
 protected:
  WriteGroupTest() {
    database_.execute("PRAGMA journal_mode = WAL");
    database_.execute("CREATE TABLE t(n INTEGER UNIQUE)");
  }

  void insert(int n) { Statement(database_, "INSERT INTO t VALUES(?1)").run(std::int64_t{n}); }
  std::int64_t sum() {
    const std::lock_guard lock(mutex_);
    return database_.number("SELECT total(n) FROM t");
  }
  // Calls this while a transaction of `first` is open; what it starts is in one transaction then.
  template <class Start>
  void together(Start&& start) {
    std::promise<void> started;
    std::promise<void> go_on;
    std::thread first([&] {
      group_.commit([&] {
        started.set_value();
        go_on.get_future().wait();
      });
    });
    started.get_future().wait();
    std::vector<std::thread> others = start();
    std::this_thread::sleep_for(
        50ms);  // they are likely to wait by then; what is tested holds else too
    go_on.set_value();
    first.join();
    for (std::thread& other : others) other.join();
  }

  TestDirectory directory_;
  Database database_{directory_.file("t.db"), 5s};
  FairMutex mutex_;
  Turnstile turnstile_{directory_.file("turn")};
  WriteGroup group_{database_, mutex_, turnstile_};
};

TEST_F(WriteGroupTest, MakesAllChanges) {
  together([&] {
    std::vector<std::thread> others;
    for (int n = 1; n <= 100; ++n) {
      others.emplace_back([this, n] { group_.commit([&] { insert(n); }); });
    }
    return others;
  });
  EXPECT_EQ(sum(), 5050);
}

TEST_F(WriteGroupTest, AChangeThatFailsIsUndoneAlone) {
  std::atomic<int> failures = 0;
  together([&] {
    std::vector<std::thread> others;
    for (int n = 1; n <= 10; ++n) {
      others.emplace_back([&, n] {
        try {
          group_.commit([&] {
            insert(n);
            if (n % 2 == 0) throw std::runtime_error("even");
          });
        } catch (const std::runtime_error&) {
          ++failures;
        }
      });
    }
    return others;
  });
  EXPECT_EQ(sum(), 1 + 3 + 5 + 7 + 9);
  EXPECT_EQ(failures, 5);
}

TEST_F(WriteGroupTest, WhereAllIsRolledBackAllFail) {
  std::atomic<int> failures = 0;
  together([&] {
    std::vector<std::thread> others;
    for (int n = 1; n <= 3; ++n) {
      others.emplace_back([&, n] {
        try {
          group_.commit([&] {
            insert(n);
            if (n == 2) Statement(database_, "INSERT OR ROLLBACK INTO t VALUES(2)").run();
          });
        } catch (const SqliteError&) {
          ++failures;
        }
      });
    }
    return others;
  });
  EXPECT_GE(failures, 1);
  EXPECT_FALSE(database_.in_transaction());
  // Of those that were told nothing, each is there.
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(database_.number("SELECT count(*) FROM t"), 3 - failures);
}

}  // namespace
}  // namespace waybill::queue::internal
