// What every kind of queue has to pass: the tests in this folder, for the kinds that a test program
// names.
//
//   std::vector<ConformanceKind> conformance_kinds() {  // in conformance_kinds_test.cc
//     return {{"redis", [](const std::string& queue) { return server_url(queue); }}};
//   }
//
// A test of this folder:
//
//   class Sending : public QueueConformance {};
//   WAYBILL_CONFORMANCE(Sending);
//   TEST_P(Sending, ...) { queue_->send(...); }
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/queue/queue.h>

namespace waybill::queue {

struct ConformanceKind {
  std::string name;
  // What to open for a queue of this name, which is new to each test. May start a server.
  std::function<std::string(const std::string& queue)> url;

  friend void PrintTo(const ConformanceKind& kind, std::ostream* out) { *out << kind.name; }
};

// A test program that links these tests defines it.
std::vector<ConformanceKind> conformance_kinds();

// Longer than anything in these tests takes, however slow the machine.
constexpr auto kAMinute = std::chrono::seconds(60);
// Over soon enough to wait for.
constexpr Options kBrief{.visibility_timeout = std::chrono::milliseconds(30)};

class QueueConformance : public ::testing::TestWithParam<ConformanceKind> {
 public:
  static std::string kind_name(const ::testing::TestParamInfo<ConformanceKind>& test) {
    return test.param.name;
  }

 protected:
  // A way into another queue of this test.
  std::unique_ptr<Queue> open_named(const std::string& name, const Options& options) {
    return open(GetParam().url(queue_name_ + "-" + name), options);
  }
  // Another way into the same queue.
  std::unique_ptr<Queue> another(const Options& options = {.visibility_timeout = kAMinute}) {
    return open(GetParam().url(queue_name_), options);
  }

  void send(const std::string& body) { queue_->send({.body = body}); }

  // Of what is ready.
  std::vector<std::string> receive_bodies(std::size_t max) {
    std::vector<std::string> bodies;
    for (const Delivery& delivery : queue_->receive(max, std::chrono::milliseconds(0))) {
      bodies.push_back(delivery.body());
    }
    return bodies;
  }

  // Whoever waits looks once more when the time is up, which must not pass for having been woken.
  void TearDown() override {
    EXPECT_LT(std::chrono::steady_clock::now() - start_, kAMinute / 2) << "nothing woke a wait";
  }

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const std::string queue_name_ = next_name();
  std::unique_ptr<Queue> queue_ = another();

 private:
  // Letters, digits and '-' alone, so that every kind may take it as it is.
  static std::string next_name() {
    static int tests = 0;
    const std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    return name.substr(0, name.find('/')) + "-" + std::to_string(++tests);
  }
};

#define WAYBILL_CONFORMANCE(suite)                                                     \
  INSTANTIATE_TEST_SUITE_P(Kinds, suite,                                               \
                           ::testing::ValuesIn(::waybill::queue::conformance_kinds()), \
                           QueueConformance::kind_name)

}  // namespace waybill::queue
