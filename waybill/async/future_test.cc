#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include <waybill/async/future.h>
#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/internal/plain_coroutine.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::named;
using internal::PlainCoroutine;
using std::chrono_literals::operator""ms;

// A future and what makes its result.
template <class T>
struct Pair {
  detail::FutureState<T>* state = new detail::FutureState<T>;
  Future<T> future = detail::FutureAccess::adopt(*state);

  template <class Make>
  void finish(Make make) {
    state->set_result_of(make);
    state->set_ready();
    state->release();
  }
};

TEST(Future, GivesItsResultOnce) {
  Pair<std::unique_ptr<int>> pair;
  EXPECT_TRUE(pair.future.valid());
  EXPECT_FALSE(pair.future.is_ready());
  EXPECT_EQ(pair.future.wait_for(0ms), std::future_status::timeout);
  pair.finish([] { return std::make_unique<int>(4); });
  EXPECT_TRUE(pair.future.is_ready());
  EXPECT_EQ(pair.future.wait_for(0ms), std::future_status::ready);
  EXPECT_EQ(*pair.future.get(), 4);
  EXPECT_FALSE(pair.future.valid());
  EXPECT_THROW(pair.future.get(), std::future_error);
  EXPECT_THROW(pair.future.wait(), std::future_error);
}

TEST(Future, CarriesExceptionsAndReferences) {
  Pair<void> thrown;
  thrown.finish([] { throw std::runtime_error("no"); });
  EXPECT_THROW(thrown.future.get(), std::runtime_error);

  int target = 0;
  Pair<int&> reference;
  reference.finish([&]() -> int& { return target; });
  EXPECT_EQ(&reference.future.get(), &target);
}

TEST(Future, IsMovedWhileItsWorkGoesOn) {
  Pair<int> pair;
  Future<int> moved = std::move(pair.future);
  EXPECT_FALSE(pair.future.valid());
  pair.finish([] { return 1; });
  EXPECT_EQ(moved.get(), 1);
}

TEST(Future, MayBeDroppedBeforeAndAfterTheResult) {
  Pair<std::unique_ptr<int>> before;
  before.future = {};
  before.finish([] { return std::make_unique<int>(1); });
  Pair<std::unique_ptr<int>> after;
  after.finish([] { return std::make_unique<int>(1); });
}

TEST(Future, WakesWhoWaitsAgainAndAgainWithATimeLimit) {
  for (int i = 0; i < 2000; ++i) {
    Pair<int> pair;
    std::jthread worker([&] { pair.finish([i] { return i; }); });
    while (pair.future.wait_for(std::chrono::microseconds(i % 5)) != std::future_status::ready) {
    }
    EXPECT_EQ(pair.future.get(), i);
  }
}

TEST(Future, ACoroutineGoesOnWhereTheResultWasMadeUnderTheContextOfItsAwait) {
  Pair<int> pair;
  int result = 0;
  std::string seen;
  std::thread::id where;
  {
    const Scope scope{counted("awaiting")};
    [](Future<int> future, int& to, std::string& name, std::thread::id& id) -> PlainCoroutine {
      to = co_await std::move(future);
      name = current_name();
      id = std::this_thread::get_id();
    }(std::move(pair.future), result, seen, where);
  }
  std::thread worker([&] {
    const Scope scope{named("worker")};
    pair.finish([] { return 5; });
    EXPECT_EQ(current_name(), "worker");
  });
  const std::thread::id workers = worker.get_id();
  worker.join();
  EXPECT_EQ(result, 5);
  EXPECT_EQ(seen, "awaiting");
  EXPECT_EQ(where, workers);
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Future, ACoroutineDoesNotSuspendForAResultThatIsThere) {
  Pair<int> pair;
  pair.finish([] { return 6; });
  int result = 0;
  [](Future<int> future, int& to) -> PlainCoroutine { to = co_await std::move(future); }(
                                      std::move(pair.future), result);
  EXPECT_EQ(result, 6);
}

TEST(Future, ACoroutineGetsTheException) {
  Pair<int> pair;
  bool caught = false;
  [](Future<int> future, bool& seen) -> PlainCoroutine {
    try {
      co_await std::move(future);
    } catch (const std::runtime_error&) {
      seen = true;
    }
  }(std::move(pair.future), caught);
  pair.finish([]() -> int { throw std::runtime_error("no"); });
  EXPECT_TRUE(caught);
}

TEST(Future, AWaitingCoroutineMayBeDestroyedByAThreadWithAContextOfItsOwn) {
  Pair<int> pair;
  PlainCoroutine coroutine;
  {
    const Scope scope{counted("awaiting")};
    coroutine = [](Future<int> future) -> PlainCoroutine {
      co_await std::move(future);
      ADD_FAILURE() << "resumed";
    }(std::move(pair.future));
  }
  std::thread([&] {
    const Scope scope{named("other")};
    coroutine.handle.destroy();
    EXPECT_EQ(current_name(), "other");
  }).join();
  EXPECT_EQ(Counted::alive, 0);
  pair.finish([] { return 1; });
}

}  // namespace
}  // namespace waybill
