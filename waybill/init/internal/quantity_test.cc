#include <gtest/gtest.h>

#include <waybill/init/internal/quantity.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;

TEST(Quantity, ReadsSizes) {
  EXPECT_EQ(parse_bytes("0"), 0u);
  EXPECT_EQ(parse_bytes("4096"), 4096u);
  EXPECT_EQ(parse_bytes("12B"), 12u);
  EXPECT_EQ(parse_bytes("64KiB"), 65'536u);
  EXPECT_EQ(parse_bytes("64 kib"), 65'536u);
  EXPECT_EQ(parse_bytes("5kB"), 5'000u);
  EXPECT_EQ(parse_bytes("100MB"), 100'000'000u);
  EXPECT_EQ(parse_bytes("100MiB"), 104'857'600u);
  EXPECT_EQ(parse_bytes("2GB"), 2'000'000'000u);
  EXPECT_EQ(parse_bytes("1GiB"), 1'073'741'824u);
}

TEST(Quantity, RefusesWhatIsNoSize) {
  for (const char* text : {"", "MB", "1.5MB", "-1", "+1", " 1", "1  MB", "1MBs", "1 MB ", "1TB",
                           "1MB1MB", "18446744073709551616", "99999999999GB", "0x10"}) {
    EXPECT_EQ(parse_bytes(text), std::nullopt) << text;
  }
}

TEST(Quantity, ReadsTimes) {
  EXPECT_EQ(parse_duration("0"), 0us);
  EXPECT_EQ(parse_duration("250us"), 250us);
  EXPECT_EQ(parse_duration("100ms"), 100ms);
  EXPECT_EQ(parse_duration("5s"), 5s);
  EXPECT_EQ(parse_duration("5 S"), 5s);
  EXPECT_EQ(parse_duration("15m"), 15min);
  EXPECT_EQ(parse_duration("15min"), 15min);
  EXPECT_EQ(parse_duration("24h"), 24h);
  EXPECT_EQ(parse_duration("30d"), 720h);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
}

TEST(Quantity, RefusesWhatIsNoTime) {
  for (const char* text : {"", "5", "s", "1.5s", "-1s", "1w", "1h ", "1h30", "h1", "101000d",
                           "18446744073709551615s", "36600d36600d"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace waybill::internal
