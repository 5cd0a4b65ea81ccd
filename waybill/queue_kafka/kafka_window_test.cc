#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/queue_kafka/internal/kafka_window.h>

namespace waybill::queue::internal {
namespace {

using std::chrono::seconds;

KafkaWindow::Claim claim(std::uint32_t attempts, std::int64_t until, bool in_flight = true) {
  return {attempts, Time(seconds(until)), in_flight};
}

TEST(KafkaWindow, IsEmptyWhereNothingLiesBehindTheCommittedOffset) {
  KafkaWindow window(7);
  EXPECT_EQ(window.encode(), "");
  window.settle(7, 9);
  EXPECT_EQ(window.base(), 9);
  EXPECT_EQ(window.encode(), "");
  EXPECT_TRUE(window.is_settled(8));
  EXPECT_FALSE(window.is_settled(9));
}

TEST(KafkaWindow, SettlesInAnyOrder) {
  KafkaWindow window(10);
  window.settle(12, 13);
  window.settle(14, 15);
  EXPECT_EQ(window.base(), 10);
  EXPECT_EQ(window.end(), 15);
  window.settle(13, 14);
  EXPECT_FALSE(window.is_settled(11));
  EXPECT_TRUE(window.is_settled(13));
  window.settle(10, 12);
  EXPECT_EQ(window.base(), 15);
}

TEST(KafkaWindow, TellsRunsInFewBytes) {
  KafkaWindow window(100);
  for (std::int64_t offset = 100; offset < 600; ++offset) window.claim(offset, claim(1, 1000));
  window.claim(700, claim(3, 1020, false));
  window.settle(200, 300);
  EXPECT_EQ(window.encode(), "1:1000:h100s100h300u100d.3@20");
  EXPECT_EQ(window.encode(true), "1:1000:h100@20s100h300u100d.3");
}

TEST(KafkaWindow, RoundsTheTimesUp) {
  KafkaWindow window;
  window.claim(0, {1, Time(std::chrono::milliseconds(1001)), true});
  EXPECT_EQ(KafkaWindow::decode(0, window.encode())->claim_on(0)->until, Time(seconds(2)));
}

TEST(KafkaWindow, ForgetsAClaimThatIsSettled) {
  KafkaWindow window;
  window.claim(3, claim(1, 5));
  window.settle(3, 4);
  EXPECT_EQ(window.claim_on(3), nullptr);
}

TEST(KafkaWindow, DoesNotReadWhatItDidNotWrite) {
  for (const char* text :
       {"x", "1", "1:", "1:5", "2:5:h", "1:5:h0", "1:5:z", "1:5:h.", "1:5:h@", "1:5:h-1",
        "1:5:h99999999999999999999", "1:5:h2000000", "1:5:h.4294967296", "1:-5:h"}) {
    EXPECT_FALSE(KafkaWindow::decode(0, text)) << text;
  }
}

RC_GTEST_PROP(KafkaWindow, ComesOutAsItWentIn, ()) {
  const auto base = *rc::gen::inRange<std::int64_t>(0, 1000);
  KafkaWindow window(base);
  const auto steps = *rc::gen::inRange(0, 60);
  for (int i = 0; i < steps; ++i) {
    const auto offset = base + *rc::gen::inRange<std::int64_t>(0, 50);
    if (window.is_settled(offset)) continue;
    if (*rc::gen::arbitrary<bool>()) {
      window.settle(offset, offset + *rc::gen::inRange<std::int64_t>(1, 5));
    } else {
      window.claim(offset,
                   claim(*rc::gen::inRange<std::uint32_t>(0, 4),
                         *rc::gen::inRange<std::int64_t>(1, 9), *rc::gen::arbitrary<bool>()));
    }
  }
  const auto read = KafkaWindow::decode(window.base(), window.encode());
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->encode() == window.encode());
  for (std::int64_t offset = base; offset < base + 60; ++offset) {
    RC_ASSERT(read->is_settled(offset) == window.is_settled(offset));
    const auto* expected = window.claim_on(offset);
    const auto* found = read->claim_on(offset);
    RC_ASSERT((found == nullptr) == (expected == nullptr));
    if (found != nullptr) RC_ASSERT(*found == *expected);
  }
}

}  // namespace
}  // namespace waybill::queue::internal
