#include <gtest/gtest.h>

#include <waybill/otlp/internal/retry.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::system_clock;

constexpr std::uint64_t kMost = ~std::uint64_t{0};

TEST(Backoff, DoublesItsLimitUpToTheLongest) {
  Backoff backoff({.first = 100ms, .longest = 1s});
  for (const auto limit : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    const nanoseconds wait = backoff.next(kMost);
    EXPECT_LE(wait, limit);
    EXPECT_GT(wait, limit - 1us);
  }
}

TEST(Backoff, IsAnythingBetweenNothingAndTheLimit) {
  EXPECT_EQ(Backoff({.first = 1s}).next(0), 0s);
  EXPECT_EQ(Backoff({.first = 1s}).next(kMost / 2 + 1), 500ms);
  EXPECT_EQ(Backoff({.first = 1s}).next(kMost / 4 + 1), 250ms);
}

TEST(Backoff, BeginsAnewAfterASuccess) {
  Backoff backoff({.first = 100ms, .longest = 1s});
  for (int i = 0; i < 5; ++i) backoff.next(0);
  backoff.reset();
  EXPECT_LE(backoff.next(kMost), 100ms);
}

TEST(RandomBits, Differ) {
  EXPECT_NE(random_bits(), random_bits());
}

TEST(RetryAfter, IsSecondsOrADate) {
  const auto now = system_clock::from_time_t(784111777);  // Sun, 06 Nov 1994 08:49:37 GMT
  const struct {
    std::string_view value;
    std::optional<nanoseconds> expected;
  } cases[] = {
      {"0", 0s},
      {"120", 120s},
      {" 7 \r\n", 7s},
      {"Sun, 06 Nov 1994 08:49:57 GMT", 20s},
      {"Sunday, 06-Nov-94 08:49:57 GMT", 20s},  // the obsolete forms of RFC 9110 section 5.6.7
      {"Sun Nov  6 08:49:57 1994", 20s},
      {"Sun, 06 Nov 1994 08:00:00 GMT", 0s},     // over
      {"Mon, 07 Nov 1994 08:49:37 GMT", 3600s},  // more than is granted
      {"7200", 3600s},
      {"99999999999999999999999", 3600s},
      {"", std::nullopt},
      {" ", std::nullopt},
      {"-5", std::nullopt},
      {"1.5", std::nullopt},
      {"soon", std::nullopt},
      {"Sun, 99 Nov 1994 99:49:57 GMT", std::nullopt},
  };
  for (const auto& [value, expected] : cases) {
    EXPECT_EQ(parse_retry_after(value, now), expected) << value;
  }
  EXPECT_EQ(parse_retry_after(std::string(1000, '1'), now), std::nullopt);
}

TEST(HttpStatus, OfFourKindsMayPass) {
  for (const long status : {429, 502, 503, 504}) EXPECT_TRUE(is_retryable_http_status(status));
  for (const long status : {301, 400, 401, 403, 404, 408, 413, 500, 501, 505}) {
    EXPECT_FALSE(is_retryable_http_status(status)) << status;
  }
}

}  // namespace
}  // namespace waybill::internal
