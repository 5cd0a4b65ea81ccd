// QueueConformance: the fixture of tests that every kind of queue has to pass.
//
//   class Sending : public QueueConformance {};
//   INSTANTIATE_TEST_SUITE_P(Kinds, Sending, QueueConformance::kinds(),
//   QueueConformance::kind_name); TEST_P(Sending, ...) { queue_->send(...); }
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/queue.h>

namespace waybill::queue {

// Longer than anything in these tests takes, however slow the machine.
constexpr auto kAMinute = std::chrono::seconds(60);
// Over soon enough to wait for.
constexpr Options kBrief{.visibility_timeout = std::chrono::milliseconds(30)};

class QueueConformance : public ::testing::TestWithParam<std::string> {
 public:
  static auto kinds() { return ::testing::Values("memory", "sqlite"); }
  static std::string kind_name(const ::testing::TestParamInfo<std::string>& test) {
    return test.param;
  }

 protected:
  std::unique_ptr<Queue> open_named(const std::string& name, const Options& options) {
    if (GetParam() == "memory") return open("memory:" + name, options);
    return open("sqlite:" + directory_.file("queue.db") + "?queue=" + name, options);
  }
  // Another way into the same queue.
  std::unique_ptr<Queue> another(const Options& options = {.visibility_timeout = kAMinute}) {
    return open_named("conformance", options);
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
  internal::TestDirectory directory_;
  std::unique_ptr<Queue> queue_ = another();
};

}  // namespace waybill::queue
