// The bound of memory, and what becomes of many traces.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/trace/internal/span_sample.h>
#include <waybill/trace/internal/tail_decision.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;

class TailDecisionMemoryTest : public testing::Test {
 protected:
  void end(const SpanSample& sample) {
    sample.as_ended([this](const EndedSpan& span) {
      tail_.consume(span, [this](const EndedSpan& kept) { ++kept_[kept.trace_id]; });
    });
    ASSERT_LE(tail_.bytes_held(), kLimit);
    most_held_ = std::max(most_held_, tail_.bytes_held());
  }

  static constexpr std::size_t kLimit = 1024 * 1024;

  TailDecision tail_{{.memory_limit = kLimit}};
  std::unordered_map<TraceId, int> kept_;  // spans of each trace
  std::size_t most_held_ = 0;
};

// In turns of 400 traces: their spans are interleaved, and each hundredth trace has one that fails.
TEST_F(TailDecisionMemoryTest, KeepsEachFailedTraceOfAHundredThousandWhole) {
  constexpr int kTraces = 100'000;
  constexpr int kTogether = 400;
  constexpr int kSpans = 5;
  std::vector<TraceId> failed;
  for (int first = 0; first < kTraces; first += kTogether) {
    std::vector<TraceId> ids(kTogether);
    for (TraceId& id : ids) tail_.root_began(id = TraceId::random());
    for (int span = 0; span < kSpans; ++span) {
      for (int i = 0; i < kTogether; ++i) {
        const bool fails = i % 100 == 0 && span == first / kTogether % kSpans;
        if (fails) failed.push_back(ids[static_cast<std::size_t>(i)]);
        end({.trace_id = ids[static_cast<std::size_t>(i)],
             .is_local_root = span == kSpans - 1,
             .status = fails ? SpanStatus::kError : SpanStatus::kUnset,
             .fields = {{"job_id", "J-1042"}},
             .encoded = std::string(100, 'x')});
      }
    }
  }
  EXPECT_EQ(failed.size(), kTraces / 100U);
  EXPECT_EQ(kept_.size(), failed.size());
  for (const TraceId& id : failed) EXPECT_EQ(kept_[id], kSpans);
  EXPECT_EQ(tail_.counts().traces_kept, failed.size());
  EXPECT_EQ(tail_.counts().traces_dropped, kTraces - failed.size());
  EXPECT_EQ(tail_.counts().decided_early, 0U);
  EXPECT_EQ(tail_.counts().spans_kept + tail_.counts().spans_dropped, 1U * kTraces * kSpans);
  EXPECT_EQ(tail_.bytes_held(), 0U);
  EXPECT_GT(most_held_, kTogether * 500U);
}

TEST_F(TailDecisionMemoryTest, DecidesTheOldestWhereThereIsTooMuch) {
  std::vector<TraceId> ids(2'000);
  for (TraceId& id : ids) {
    tail_.root_began(id = TraceId::random());
    end({.trace_id = id, .encoded = std::string(500, 'x')});
  }
  const auto early = tail_.counts().decided_early;
  EXPECT_GT(early, 500U);
  EXPECT_LT(early, 1'800U);
  EXPECT_EQ(tail_.counts().spans_dropped, early);
  EXPECT_EQ(tail_.traces_held(), ids.size() - early);
  // Of each that was not among the oldest, all spans are still there.
  for (std::size_t i = early; i < ids.size(); ++i) {
    end({.trace_id = ids[i], .is_local_root = true, .status = SpanStatus::kError});
    ASSERT_EQ(kept_[ids[i]], 2) << i;
  }
  end({.trace_id = ids[early - 1], .is_local_root = true, .status = SpanStatus::kError});
  EXPECT_EQ(kept_[ids[early - 1]], 1);
}

TEST_F(TailDecisionMemoryTest, DecidesWhatIsLateFirst) {
  const TraceId oldest = TraceId::random();
  tail_.root_began(oldest);
  end({.trace_id = oldest, .encoded = std::string(500, 'x')});
  for (int i = 0; i < 3'000; ++i) {
    const TraceId id = TraceId::random();
    end({.trace_id = id, .is_local_root = true});
    end({.trace_id = id, .encoded = std::string(500, 'x')});
  }
  EXPECT_EQ(tail_.counts().decided_early, 0U);
  end({.trace_id = oldest, .is_local_root = true, .status = SpanStatus::kError});
  EXPECT_EQ(kept_[oldest], 2);
}

TEST_F(TailDecisionMemoryTest, DecidesATraceThatAloneIsTooMuch) {
  const TraceId endless = TraceId::random();
  tail_.root_began(endless);
  for (int i = 0; i < 100'000; ++i) {
    end({.trace_id = endless, .encoded = std::string(100, 'x')});
    if (i % 1'000 == 0) {
      const TraceId id = TraceId::random();
      end({.trace_id = id});
      end({.trace_id = id, .is_local_root = true, .status = SpanStatus::kError});
      ASSERT_EQ(kept_[id], 2);
    }
  }
  EXPECT_GE(tail_.counts().decided_early, 1U);
  end({.trace_id = endless, .status = SpanStatus::kError});
  EXPECT_GT(kept_[endless], 1) << "with what is held of it";
}

TEST_F(TailDecisionMemoryTest, DropsASpanThatIsTooLargeAndNothingElse) {
  const TraceId other = TraceId::random();
  end({.trace_id = other});
  end({.trace_id = TraceId::random(), .encoded = std::string(kLimit, 'x')});
  EXPECT_EQ(tail_.counts().decided_early, 1U);
  EXPECT_EQ(tail_.counts().spans_dropped, 1U);
  end({.trace_id = other, .status = SpanStatus::kError});
  EXPECT_EQ(kept_[other], 2);
}

TEST_F(TailDecisionMemoryTest, HoldsNoMoreThanItsBoundOfTracesThatOnlyBegin) {
  for (int i = 0; i < 100'000; ++i) {
    tail_.root_began(TraceId::random());
    ASSERT_LE(tail_.bytes_held(), kLimit);
  }
  EXPECT_GT(tail_.counts().decided_early, 0U);
}

}  // namespace
}  // namespace waybill::internal
