#include <array>
#include <set>
#include <thread>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/ids.h>

namespace waybill {
namespace {

constexpr std::string_view kHex = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kUuid = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";

TEST(TraceId, IsInvalidByDefault) {
  EXPECT_FALSE(TraceId().is_valid());
  EXPECT_EQ(TraceId().to_hex(), std::string(32, '0'));
}

TEST(TraceId, ReadsHexOfEitherCaseAndWritesLowercase) {
  ASSERT_TRUE(TraceId::from_hex(kHex));
  EXPECT_EQ(TraceId::from_hex(kHex)->to_hex(), kHex);
  EXPECT_EQ(TraceId::from_hex("4BF92F3577B34DA6A3CE929D0E0E4736"), TraceId::from_hex(kHex));
  EXPECT_EQ(TraceId::from_hex(kHex)->bytes()[0], 0x4b);
  EXPECT_EQ(TraceId::from_hex(kHex)->bytes()[15], 0x36);
}

TEST(TraceId, RefusesWhatIsNotHex) {
  for (const std::string_view bad :
       {"", "4bf92f3577b34da6a3ce929d0e0e473", "4bf92f3577b34da6a3ce929d0e0e47360",
        "4bf92f3577b34da6a3ce929d0e0e473g", "4bf92f3577b34da6a3ce929d0e0e473 ",
        "00000000000000000000000000000000", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"}) {
    EXPECT_FALSE(TraceId::from_hex(bad)) << bad;
  }
}

TEST(TraceId, ReadsAndWritesUuids) {
  EXPECT_EQ(TraceId::from_uuid(kUuid), TraceId::from_hex(kHex));
  EXPECT_EQ(TraceId::from_uuid("4BF92F35-77B3-4DA6-A3CE-929D0E0E4736"), TraceId::from_hex(kHex));
  EXPECT_EQ(TraceId::from_hex(kHex)->to_uuid(), kUuid);
}

TEST(TraceId, RefusesWhatIsNotAUuid) {
  for (const std::string_view bad :
       {"", "4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3-577b3-4da6-a3ce-929d0e0e4736",
        "4bf92f35-77b3-4da6-a3ce-929d0e0e473g", "{bf92f35-77b3-4da6-a3ce-929d0e0e473}",
        "00000000-0000-0000-0000-000000000000", "4bf92f35-77b3-4da6-a3ce-929d0e0e47361"}) {
    EXPECT_FALSE(TraceId::from_uuid(bad)) << bad;
  }
}

TEST(TraceId, TakesAnIdInTheNameAsTheIdItself) {
  EXPECT_EQ(TraceId::from_name(kHex), TraceId::from_hex(kHex));
  EXPECT_EQ(TraceId::from_name(kUuid), TraceId::from_hex(kHex));
}

// First 16 bytes of `printf %s NAME | sha256sum`.
TEST(TraceId, DerivesTheIdOfANameFromItsSha256) {
  EXPECT_EQ(TraceId::from_name("abc").to_hex(), "ba7816bf8f01cfea414140de5dae2223");
  EXPECT_EQ(TraceId::from_name("").to_hex(), "e3b0c44298fc1c149afbf4c8996fb924");
  EXPECT_EQ(TraceId::from_name("batch-job-2025-10-21"), TraceId::from_name("batch-job-2025-10-21"));
  EXPECT_FALSE(TraceId::from_name("a") == TraceId::from_name("b"));
}

TEST(TraceId, OrdersByBytes) {
  const auto low = *TraceId::from_hex("00000000000000000000000000000001");
  const auto high = *TraceId::from_hex("01000000000000000000000000000000");
  EXPECT_TRUE(low < high);
  EXPECT_FALSE(high < low);
  EXPECT_FALSE(low == high);
}

RC_GTEST_PROP(TraceId, SurvivesEveryRoundTrip, ()) {
  const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(
      TraceId::kSize, rc::gen::arbitrary<std::uint8_t>());
  std::uint8_t raw[TraceId::kSize];
  std::copy(bytes.begin(), bytes.end(), raw);
  const TraceId id(raw);
  RC_PRE(id.is_valid());
  RC_ASSERT(TraceId::from_hex(id.to_hex()) == id);
  RC_ASSERT(TraceId::from_uuid(id.to_uuid()) == id);
  RC_ASSERT(TraceId::from_name(id.to_uuid()) == id);
}

TEST(SpanId, ReadsAndWritesHex) {
  EXPECT_EQ(SpanId::from_hex("00f067aa0ba902b7")->to_hex(), "00f067aa0ba902b7");
  EXPECT_EQ(SpanId::from_hex("00F067AA0BA902B7"), SpanId::from_hex("00f067aa0ba902b7"));
  for (const std::string_view bad :
       {"", "00f067aa0ba902b", "00f067aa0ba902bx", "0000000000000000"}) {
    EXPECT_FALSE(SpanId::from_hex(bad)) << bad;
  }
  EXPECT_FALSE(SpanId().is_valid());
  EXPECT_TRUE(*SpanId::from_hex("0000000000000001") < *SpanId::from_hex("0100000000000000"));
}

RC_GTEST_PROP(SpanId, SurvivesTheRoundTrip, (std::uint64_t word)) {
  RC_PRE(word != 0);
  std::uint8_t raw[SpanId::kSize];
  std::memcpy(raw, &word, sizeof word);
  RC_ASSERT(SpanId::from_hex(SpanId(raw).to_hex()) == SpanId(raw));
}

TEST(TraceFlags, ReadsAndWritesHex) {
  EXPECT_EQ(TraceFlags::from_hex("01")->byte(), 1);
  EXPECT_EQ(TraceFlags::from_hex("fF")->byte(), 255);
  EXPECT_EQ(TraceFlags(0x03).to_hex(), "03");
  for (const std::string_view bad : {"", "1", "011", "0x", "g0"}) {
    EXPECT_FALSE(TraceFlags::from_hex(bad)) << bad;
  }
}

TEST(TraceFlags, NamesItsBits) {
  EXPECT_TRUE(TraceFlags(0x01).sampled());
  EXPECT_FALSE(TraceFlags(0x01).random());
  EXPECT_TRUE(TraceFlags(0x02).random());
  EXPECT_FALSE(TraceFlags(0x02).sampled());
  EXPECT_EQ(TraceFlags(1), TraceFlags(1));
}

TEST(RandomIds, AreUniqueAcrossThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 20'000;
  std::array<std::vector<TraceId>, kThreads> ids;
  std::vector<std::thread> threads;
  for (auto& mine : ids) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < kEach; ++i) mine.push_back(TraceId::random());
    });
  }
  for (auto& thread : threads) thread.join();
  std::unordered_set<TraceId> all;
  for (const auto& mine : ids) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), std::size_t{kThreads} * kEach);
}

TEST(RandomIds, UseEveryBit) {
  std::array<int, 192> ones = {};
  constexpr int kRounds = 4'000;
  for (int round = 0; round < kRounds; ++round) {
    const TraceId trace = TraceId::random();
    const SpanId span = SpanId::random();
    for (std::size_t bit = 0; bit < 128; ++bit)
      ones[bit] += trace.bytes()[bit / 8] >> (bit % 8) & 1;
    for (std::size_t bit = 0; bit < 64; ++bit) {
      ones[128 + bit] += span.bytes()[bit / 8] >> (bit % 8) & 1;
    }
  }
  // 2,000 expected, standard deviation 32: eight of them away does not happen by chance.
  for (const int count : ones) EXPECT_NEAR(count, kRounds / 2, 8 * 32);
}

TEST(RandomIds, DifferBetweenParentAndForkedChild) {
  static_cast<void>(TraceId::random());  // the generator is seeded before the fork
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const TraceId id = TraceId::random();
    const bool written = write(pipe_ends[1], id.bytes(), TraceId::kSize) == TraceId::kSize;
    _exit(written ? 0 : 1);
  }
  std::uint8_t raw[TraceId::kSize];
  ASSERT_EQ(read(pipe_ends[0], raw, sizeof raw), ssize_t{sizeof raw});
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(TraceId(raw) == TraceId::random());
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace waybill
