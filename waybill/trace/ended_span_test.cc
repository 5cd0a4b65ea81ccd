#include <chrono>

#include <gtest/gtest.h>

#include <waybill/trace/internal/span_sample.h>

namespace waybill {
namespace {

using std::chrono::nanoseconds;
using Time = std::chrono::system_clock::time_point;
using namespace std::chrono_literals;

TEST(EndedSpan, LastsAsLongAsNanosecondsCanSayAtMost) {
  struct Case {
    Time start;
    Time end;
    nanoseconds duration;
  };
  const Case cases[] = {
      {Time(1s), Time(3s), 2s},
      {Time(3s), Time(1s), -2s},
      {Time(-1ns), Time::max() - 1ns, nanoseconds::max()},
      {Time(-1ns), Time::max(), nanoseconds::max()},
      {Time::min(), Time::max(), nanoseconds::max()},
      {Time(1ns), Time::min() + 1ns, nanoseconds::min()},
      {Time(1ns), Time::min(), nanoseconds::min()},
      {Time::max(), Time::min(), nanoseconds::min()},
      {Time::min(), Time::min(), 0ns},
      {Time::max(), Time::max(), 0ns},
  };
  for (const auto& [start, end, duration] : cases) {
    internal::SpanSample().as_ended([&](EndedSpan span) {
      span.start = start;
      span.end = end;
      EXPECT_EQ(span.duration(), duration);
      EXPECT_EQ(to_span_data(span).duration(), duration);
    });
  }
}

}  // namespace
}  // namespace waybill
