#include <concepts>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/propagating.h>

namespace waybill {
namespace {

using internal::current_name;
using internal::named;

// An executor as there are many: keeps what it is given, runs it later.
class LaterExecutor {
 public:
  void post(std::function<void()> function) { functions_.push_back(std::move(function)); }
  template <class F>
  auto submit(F function) {
    auto task = std::make_shared<std::packaged_task<decltype(function())()>>(std::move(function));
    auto result = task->get_future();
    post([task] { (*task)(); });
    return result;
  }
  void add(std::function<void(int)> function, int argument) {
    post([function = std::move(function), argument] { function(argument); });
  }
  void run() {
    std::thread([&] {
      for (auto& function : std::exchange(functions_, {})) function();
      EXPECT_TRUE(Context::current().empty());
    }).join();
  }

 private:
  std::vector<std::function<void()>> functions_;
};

template <class E>
concept HasPost = requires(E& executor) { executor.post([] {}); };
template <class E>
concept HasSubmit = requires(E& executor) { executor.submit([] {}); };
template <class E>
concept HasExecute = requires(E& executor) { executor.execute([] {}); };
template <class E>
concept IsCalled = requires(E& executor) { executor([] {}); };

using Wrapped = Propagating<LaterExecutor&>;
static_assert(HasPost<Wrapped> && HasSubmit<Wrapped> && !HasExecute<Wrapped> && !IsCalled<Wrapped>);

TEST(Propagating, PostedWorkHasTheContextOfThePost) {
  LaterExecutor executor;
  auto carrying = propagating(executor);
  std::string first;
  std::string second;
  {
    const Scope scope{named("first")};
    carrying.post([&] { first = current_name(); });
  }
  {
    const Scope scope{named("second")};
    carrying.post([&] { second = current_name(); });
  }
  executor.run();
  EXPECT_EQ(first, "first");
  EXPECT_EQ(second, "second");
}

TEST(Propagating, ReturnsWhatTheExecutorReturns) {
  LaterExecutor executor;
  const Scope scope{named("caller")};
  std::future<std::string> result = propagating(executor).submit(current_name);
  executor.run();
  EXPECT_EQ(result.get(), "caller");
}

TEST(Propagating, PassesFurtherArgumentsOnAndTakesFunctionsThatTakeSome) {
  LaterExecutor executor;
  const Scope scope{named("caller")};
  std::string seen;
  propagating(executor).add([&](int n) { seen = current_name() + std::to_string(n); }, 7);
  executor.run();
  EXPECT_EQ(seen, "caller7");
}

TEST(Propagating, TakesAFunctionAsExecutor) {
  std::function<void()> kept;
  const auto executor = propagating([&kept](auto function) { kept = std::move(function); });
  std::string seen;
  {
    const Scope scope{named("caller")};
    executor([&] { seen = current_name(); });
  }
  kept();
  EXPECT_EQ(seen, "caller");
}

TEST(Propagating, TakesAsioExecutorsByValue) {
  boost::asio::io_context io;
  const auto executor = propagating(io.get_executor());
  std::string seen;
  {
    const Scope scope{named("caller")};
    executor.execute([&, owned = std::make_unique<int>(1)] { seen = current_name(); });
  }
  io.run();
  EXPECT_EQ(seen, "caller");
  EXPECT_TRUE(executor.inner() == io.get_executor());
}

}  // namespace
}  // namespace waybill
