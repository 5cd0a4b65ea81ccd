#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/trace/internal/ot_tracestate.h>

namespace waybill::internal {
namespace {

TEST(OtTracestate, ReadsThresholdAndRandomness) {
  const struct {
    const char* tracestate;
    std::optional<std::uint64_t> threshold;
    std::optional<std::uint64_t> randomness;
  } cases[] = {
      {"", {}, {}},
      {"ot=", {}, {}},
      {"ot=th:0", 0, {}},
      {"ot=th:8", 0x80000000000000, {}},
      {"ot=th:fd70a", 0xfd70a000000000, {}},
      {"ot=th:0123456789abcd", 0x0123456789abcd, {}},
      {"ot=rv:6e6d1a75832a2f", {}, 0x6e6d1a75832a2f},
      {"a=b,ot=p:8;rv:6e6d1a75832a2f;th:c", 0xc0000000000000, 0x6e6d1a75832a2f},
      {"a=b, ot=th:c", 0xc0000000000000, {}},
      // The first, which is the newest, counts.
      {"ot=th:c,ot=th:8", 0xc0000000000000, {}},
      {"ot=th:c;th:8", 0xc0000000000000, {}},
      // Unreadable.
      {"ot=th:", {}, {}},
      {"ot=th:C", {}, {}},
      {"ot=th:0123456789abcde", {}, {}},
      {"ot=th:8 1;rv:6e6d1a75832a2", {}, {}},
      {"ot=;;:;th;rv", {}, {}},
      {"xot=th:8,o=th:8", {}, {}},
  };
  for (const auto& [tracestate, threshold, randomness] : cases) {
    const OtTracestate read = read_ot_tracestate(tracestate);
    EXPECT_EQ(read.threshold, threshold) << tracestate;
    EXPECT_EQ(read.randomness, randomness) << tracestate;
  }
}

TEST(OtTracestate, SeesAThresholdThatItCannotRead) {
  EXPECT_TRUE(read_ot_tracestate("ot=th:xyz").has_threshold);
  EXPECT_FALSE(read_ot_tracestate("ot=rv:6e6d1a75832a2f,a=th:8").has_threshold);
}

TEST(OtTracestate, SetsAndRemovesTheThresholdAndKeepsTheRest) {
  const struct {
    const char* before;
    std::optional<std::uint64_t> threshold;
    const char* after;
  } cases[] = {
      {"", 0, "ot=th:0"},
      {"", {}, ""},
      {"a=1", 0x80000000000000, "ot=th:8,a=1"},
      {"a=1,ot=p:8;th:f;rv:6e6d1a75832a2f,b=2", 0xc0000000000000,
       "ot=th:c;p:8;rv:6e6d1a75832a2f,a=1,b=2"},
      {"a=1,ot=p:8;th:f,b=2", {}, "ot=p:8,a=1,b=2"},
      {"a=1,ot=th:f;th:e,b=2", {}, "a=1,b=2"},
      {"ot=th:f", {}, ""},
      {"ot=th:f,ot=p:8", 0x00000000000001, "ot=th:00000000000001"},
  };
  for (const auto& [before, threshold, after] : cases) {
    EXPECT_EQ(with_threshold(before, threshold), after) << before;
  }
}

// Others would otherwise read a probability that is not true.
TEST(OtTracestate, RemovesTheThresholdWhereAnotherDoesNotFit) {
  const std::string others = "p:" + std::string(247, 'x');  // 249 of 256, and a separator
  EXPECT_EQ(with_threshold("ot=th:8;" + others, 0xc0000000000000), "ot=th:c;" + others);
  EXPECT_EQ(with_threshold("ot=th:8;" + others, 0xcccd0000000000), "ot=" + others);
}

// W3C Trace Context Level 2, section 3.3.3.1.
TEST(OtTracestate, DropsLongMembersFirstWhereThereIsTooMuch) {
  const std::string large = "large=" + std::string(130, 'x');
  const std::string first = "first=" + std::string(100, 'x');
  const std::string third = "third=" + std::string(120, 'x');
  const std::string last = "last=" + std::string(120, 'x');
  const auto list = first + ',' + large + ',' + third + ',' + last;
  EXPECT_EQ(with_threshold(list, 0), "ot=th:0," + list) << list.size();
  const auto longer = first + ',' + large + ',' + third + ",a=" + std::string(20, 'x') + ',' + last;
  EXPECT_EQ(with_threshold(longer, 0),
            "ot=th:0," + first + ',' + third + ",a=" + std::string(20, 'x') + ',' + last);
}

TEST(OtTracestate, DropsTheLastMembersWhereThereIsTooMuch) {
  std::string list;
  for (int i = 10; i < 42; ++i) list += (list.empty() ? "k" : ",k") + std::to_string(i) + "=v";
  EXPECT_EQ(with_threshold(list, 0), "ot=th:0," + list.substr(0, list.rfind(','))) << "33 members";

  std::string large;
  for (int i = 0; i < 5; ++i) {
    large += (large.empty() ? "k" : ",k") + std::to_string(i) + '=' + std::string(98, 'x');
  }
  EXPECT_EQ(with_threshold(large, 0), "ot=th:0," + large.substr(0, large.rfind(',')))
      << "more than 512 characters";
}

// Whatever arrives: no more than what is allowed, and the threshold that was set.
RC_GTEST_PROP(OtTracestateProperty, HoldsItsBounds, ()) {
  const std::vector<std::string> parts = {"ot=", "th:", "rv:", "a=1", "8", ":", ";", ",", " ", "="};
  std::string text;
  for (const std::string& part :
       *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(parts))) {
    text += part;
  }
  const auto threshold = *rc::gen::inRange<std::uint64_t>(0, kAllRandomness);
  const std::string set = with_threshold(text, threshold);
  RC_ASSERT(read_ot_tracestate(set).threshold == threshold);
  RC_ASSERT(with_threshold(set, threshold) == set);
  const std::string removed = with_threshold(set, std::nullopt);
  RC_ASSERT(!read_ot_tracestate(removed).has_threshold);
  RC_ASSERT(with_threshold(removed, threshold) == set);
}

}  // namespace
}  // namespace waybill::internal
