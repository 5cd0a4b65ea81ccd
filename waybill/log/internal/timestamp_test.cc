#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include <waybill/log/internal/timestamp.h>

namespace waybill::internal {
namespace {

std::string timestamp(std::chrono::microseconds since_1970) {
  char text[kTimestampSize];
  return {text, write_timestamp(text, std::chrono::system_clock::time_point(since_1970))};
}

TEST(Timestamp, IsUtcWithMicroseconds) {
  using std::chrono::microseconds;
  using std::chrono::seconds;
  EXPECT_EQ(timestamp(microseconds(0)), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(timestamp(seconds(951'782'400)), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(timestamp(seconds(1'709'164'799)), "2024-02-28T23:59:59.000000Z");
  EXPECT_EQ(timestamp(microseconds(1'795'132'681'123'456)), "2026-11-19T23:58:01.123456Z");
  EXPECT_EQ(timestamp(seconds(4'107'542'400)), "2100-03-01T00:00:00.000000Z");
  EXPECT_EQ(timestamp(microseconds(-1)), "1969-12-31T23:59:59.999999Z");
}

}  // namespace
}  // namespace waybill::internal
