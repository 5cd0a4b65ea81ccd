#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/pipeline/clock.h>
#include <waybill/pipeline/internal/tick_converter.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

class TickConverterTest : public testing::TestWithParam<bool> {
 protected:
  TickConverterTest() {
    detail::clock_is_counter = GetParam();
    converter_.start();
  }
  ~TickConverterTest() override { detail::clock_is_counter = time_stamp_counter_is_reliable(); }
  std::chrono::system_clock::time_point time_of(std::uint64_t ticks) {
    detail::RecordHeader header{};
    header.shape.clock = GetParam() ? 0 : 1;
    header.ticks = ticks;
    return converter_.time_of(header);
  }
  static bool can_run() { return !GetParam() || time_stamp_counter_is_reliable(); }

  TickConverter converter_;
};
INSTANTIATE_TEST_SUITE_P(Clocks, TickConverterTest, testing::Bool(), [](const auto& test) {
  return test.param ? "TimeStampCounter" : "System";
});

// A reading taken between two looks at the system clock is between them, give or take.
TEST_P(TickConverterTest, AgreesWithTheSystemClock) {
  if (!can_run()) GTEST_SKIP() << "no reliable time stamp counter here";
  for (int i = 0; i < 1'000; ++i) {
    const auto before = system_clock::now();
    const std::uint64_t reading = detail::ticks();
    const auto after = system_clock::now();
    if (i % 10 == 0) converter_.update();
    const auto time = time_of(reading);
    ASSERT_GE(time, before - 20us) << i;
    ASSERT_LE(time, after + 20us) << i;
  }
}

TEST_P(TickConverterTest, AlsoForReadingsOfAWhileAgo) {
  if (!can_run()) GTEST_SKIP() << "no reliable time stamp counter here";
  const auto before = system_clock::now();
  const std::uint64_t reading = detail::ticks();
  const auto after = system_clock::now();
  while (system_clock::now() < after + 30ms) {  // so long has it been waiting in a ring
  }
  converter_.update();
  const auto time = time_of(reading);
  EXPECT_GE(time, before - 50us);
  EXPECT_LE(time, after + 50us);
}

TEST_P(TickConverterTest, KeepsConsecutiveReadingsInOrder) {
  if (!can_run()) GTEST_SKIP() << "no reliable time stamp counter here";
  auto previous = system_clock::time_point::min();
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t reading = detail::ticks();
    if (i % 100 == 0) converter_.update();
    const auto time = time_of(reading);
    ASSERT_GE(time, previous) << i;
    previous = time;
  }
}

}  // namespace
}  // namespace waybill::internal
