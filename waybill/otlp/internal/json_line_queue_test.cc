#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <gmock/gmock.h>

#include <waybill/core/error.h>
#include <waybill/otlp/internal/json_line_queue.h>
#include <waybill/otlp/internal/limited_sink.h>
#include <waybill/otlp/log_encoder.h>
#include <waybill/pipeline/self_metrics.h>

namespace waybill::internal {
namespace {

using test::LimitedSink;
using Time = JsonLineQueue::Time;
using namespace std::chrono_literals;

std::string request_of(std::size_t size) {
  LogEncoder encoder;
  const std::string message(size, 'x');
  EXPECT_TRUE(encoder.add({.message = message}));
  return std::string(encoder.finish());
}

class JsonLineQueueTest : public testing::Test {
 protected:
  bool add(std::size_t records, std::size_t size = 10) {
    return queue_->add(OtlpSignal::kLogs, request_of(size), records);
  }
  std::uint64_t lost() const { return self_metrics().dropped.sink - lost_before_; }

  std::shared_ptr<LimitedSink> sink_ = std::make_shared<LimitedSink>();
  std::unique_ptr<JsonLineQueue> queue_ = std::make_unique<JsonLineQueue>(sink_);
  const std::uint64_t lost_before_ = self_metrics().dropped.sink;
  const Time start_ = Time{} + 1h;
};

TEST_F(JsonLineQueueTest, HandsLinesToTheSink) {
  ASSERT_TRUE(add(1));
  ASSERT_TRUE(add(2));
  EXPECT_EQ(sink_->text, "") << "only on demand";
  EXPECT_TRUE(queue_->write_out(start_, false));
  EXPECT_EQ(sink_->lines().size(), 2U);
  EXPECT_EQ(sink_->calls, 1);
  EXPECT_TRUE(queue_->write_out(start_, false));
  EXPECT_EQ(sink_->calls, 1) << "there is nothing more";
  EXPECT_EQ(sink_->ticks, 2);
}

TEST_F(JsonLineQueueTest, OffersTheRestOfALineAgain) {
  ASSERT_TRUE(add(1));
  ASSERT_TRUE(add(1));
  sink_->takes = 7;
  for (int i = 0; i < 200 && sink_->lines().size() < 2; ++i) queue_->write_out(start_, false);
  const auto lines = sink_->lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], lines[1]);
  EXPECT_EQ(lost(), 0U);
}

TEST_F(JsonLineQueueTest, SparesASinkThatHasFailed) {
  ASSERT_TRUE(add(1));
  sink_->takes = 0;
  sink_->error = std::make_error_code(std::errc::no_space_on_device);
  EXPECT_FALSE(queue_->write_out(start_, false));
  EXPECT_TRUE(queue_->write_out(start_ + 99ms, false));
  EXPECT_EQ(sink_->calls, 1);
  EXPECT_FALSE(queue_->write_out(start_ + 100ms, false));
  EXPECT_EQ(sink_->calls, 2);
  queue_->write_out(start_ + 299ms, false);
  EXPECT_EQ(sink_->calls, 2) << "ever longer";
  queue_->write_out(start_ + 299ms, true);
  EXPECT_EQ(sink_->calls, 3) << "but for somebody who waits";
  sink_->takes = LimitedSink::kEverything;
  sink_->error = {};
  queue_->write_out(start_ + 1h, false);
  EXPECT_EQ(sink_->lines().size(), 1U);
  EXPECT_EQ(lost(), 0U);
}

TEST_F(JsonLineQueueTest, ASinkThatIsBusyIsNotSpared) {
  ASSERT_TRUE(add(1));
  sink_->takes = 0;
  sink_->error = std::make_error_code(std::errc::resource_unavailable_try_again);
  EXPECT_TRUE(queue_->write_out(start_, false));
  EXPECT_TRUE(queue_->write_out(start_, false));
  EXPECT_EQ(sink_->calls, 2);
}

TEST_F(JsonLineQueueTest, LosesTheNewestBeyondAMegabyteAndCountsItsRecords) {
  sink_->takes = 0;
  int kept = 0;
  while (add(3, 100'000)) {
    queue_->write_out(start_, true);
    ASSERT_LT(++kept, 100);
  }
  EXPECT_EQ(kept, 11);
  EXPECT_EQ(lost(), 3U);
  sink_->takes = LimitedSink::kEverything;
  queue_->write_out(start_, true);
  EXPECT_EQ(sink_->lines().size(), 11U);
  EXPECT_TRUE(add(3)) << "there is room again";
}

TEST_F(JsonLineQueueTest, ALineOfAnySizeGetsThrough) {
  ASSERT_TRUE(add(1, 3'000'000));
  queue_->write_out(start_, false);
  EXPECT_EQ(sink_->lines().size(), 1U);
}

TEST_F(JsonLineQueueTest, CountsWhatIsNoRequest) {
  EXPECT_FALSE(queue_->add(OtlpSignal::kLogs, "\xff", 5));
  EXPECT_EQ(lost(), 5U);
  queue_->write_out(start_, false);
  EXPECT_EQ(sink_->text, "");
}

TEST_F(JsonLineQueueTest, OffersWhatIsKeptALastTime) {
  ASSERT_TRUE(add(1));
  queue_ = nullptr;
  EXPECT_EQ(sink_->lines().size(), 1U);
  EXPECT_EQ(lost(), 0U);
  queue_ = std::make_unique<JsonLineQueue>(sink_);
  sink_->takes = 0;
  ASSERT_TRUE(add(4));
  queue_ = nullptr;
  EXPECT_EQ(lost(), 4U);
}

TEST(JsonLineQueue, WantsASink) {
  EXPECT_THROW(JsonLineQueue(nullptr), Error);
}

}  // namespace
}  // namespace waybill::internal
