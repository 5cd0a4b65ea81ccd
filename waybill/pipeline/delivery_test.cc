#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/pipeline/delivery.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill::detail {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

class Recorded final : public Delivery {
 public:
  explicit Recorded(bool delivers = true) : delivers_(delivers) { add_delivery(*this); }
  ~Recorded() override { remove_delivery(*this); }

  void request_delivery() noexcept override {
    ++requests;
    tell("r");
  }
  bool wait_until_delivered(steady_clock::time_point deadline) noexcept override {
    ++waits;
    last_deadline = deadline;
    tell("w");
    if (during_wait != nullptr) during_wait();
    return delivers_;
  }
  void end(steady_clock::time_point) noexcept override { tell("e"); }
  void after_fork_in_child() noexcept override { ++forks; }

  std::atomic<int> requests = 0;
  std::atomic<int> waits = 0;
  std::atomic<int> forks = 0;
  steady_clock::time_point last_deadline;
  void (*during_wait)() = nullptr;
  // What is called is written there, and this name behind it.
  int calls_to = -1;
  char name = '?';

 private:
  void tell(const char* call) const noexcept {
    const char text[] = {*call, name};
    if (calls_to >= 0 && write(calls_to, text, sizeof text) < 0) std::abort();
  }

  const bool delivers_;
};

// What `child` writes to its argument in a process of its own.
template <class Child>
std::string told_by_child(Child child) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t process = fork();
  if (process == 0) child(ends[1]);
  close(ends[1]);
  std::string text;
  char buffer[64];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0);
  return text;
}

TEST(Delivery, IsWaitedForByFlush) {
  Recorded first;
  Recorded second;
  const auto before = steady_clock::now();
  EXPECT_TRUE(flush(7s));
  EXPECT_EQ(first.waits, 1);
  EXPECT_EQ(second.waits, 1);
  EXPECT_GE(first.last_deadline, before + 7s);
  EXPECT_LE(first.last_deadline, steady_clock::now() + 7s);
}

// So that one that takes all the time takes it from no other; the youngest first, as it may hand
// over to an older one.
TEST(Delivery, IsRequestedOfAllBeforeOneIsWaitedFor) {
  const std::string text = told_by_child([&](int out) {
    Recorded first;
    Recorded second;
    for (Recorded* delivery : {&first, &second}) delivery->calls_to = out;
    first.name = '1';
    second.name = '2';
    _exit(flush() ? 0 : 1);
  });
  EXPECT_EQ(text, "r2r1w2w1");
}

TEST(Delivery, ThatFailsFailsTheFlushAndKeepsNoneFromBeingAsked) {
  Recorded failing(false);
  Recorded after;
  EXPECT_FALSE(flush());
  EXPECT_EQ(after.waits, 1);
}

TEST(Delivery, IsNotAskedOnceItIsRemoved) {
  { const Recorded gone; }
  EXPECT_TRUE(flush());
}

TEST(Delivery, IsNotRemovedWhileItIsBeingWaitedFor) {
  static std::promise<void> waiting;
  static std::promise<void> go_on;
  auto delivery = std::make_unique<Recorded>();
  delivery->during_wait = [] {
    waiting.set_value();
    go_on.get_future().wait();
  };
  std::thread flushing([] { flush(); });
  waiting.get_future().wait();
  auto removed = std::async(std::launch::async, [&] { delivery.reset(); });
  EXPECT_EQ(removed.wait_for(20ms), std::future_status::timeout);
  go_on.set_value();
  removed.get();
  flushing.join();
}

TEST(Delivery, IsToldOfAFork) {
  Recorded delivery;
  const std::string text = told_by_child([&](int out) {
    const char digit = static_cast<char>('0' + delivery.forks);
    _exit(write(out, &digit, 1) == 1 ? 0 : 1);
  });
  EXPECT_EQ(text, "1");
  EXPECT_EQ(delivery.forks, 0);
}

TEST(Delivery, EndsWithTheProcess) {
  const std::string text = told_by_child([&](int out) {
    for (const char name : {'1', '2'}) {
      auto& delivery = *new Recorded;  // that nobody removes
      delivery.calls_to = out;
      delivery.name = name;
    }
    std::exit(0);
  });
  EXPECT_EQ(text, "r2r1e2e1") << "all are under way before one is waited for";
}

}  // namespace
}  // namespace waybill::detail
