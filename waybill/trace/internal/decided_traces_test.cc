#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/trace/internal/decided_traces.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;

constexpr DecidedTraces::Time kStart{1h};

TEST(DecidedTraces, RemembersWhatWasDecided) {
  DecidedTraces traces(1min);
  const TraceId kept = TraceId::random();
  const TraceId dropped = TraceId::random();
  EXPECT_EQ(traces.find(kept, kStart), std::nullopt);
  traces.put(kept, true, kStart);
  traces.put(dropped, false, kStart);
  EXPECT_EQ(traces.find(kept, kStart), true);
  EXPECT_EQ(traces.find(dropped, kStart), false);
  traces.put(dropped, true, kStart);
  EXPECT_EQ(traces.find(dropped, kStart), true);
}

TEST(DecidedTraces, ForgetsWhatIsNotAskedFor) {
  DecidedTraces traces(1min);
  const TraceId asked = TraceId::random();
  const TraceId other = TraceId::random();
  traces.put(asked, true, kStart);
  traces.put(other, true, kStart);
  EXPECT_EQ(traces.find(asked, kStart + 59s), true);
  EXPECT_EQ(traces.find(asked, kStart + 118s), true);
  EXPECT_EQ(traces.find(other, kStart + 60s), std::nullopt);
}

TEST(DecidedTraces, RemembersWhatWasKeptRatherThanWhatWasDropped) {
  DecidedTraces traces(1min);
  std::vector<TraceId> kept;
  for (std::size_t i = 0; i < DecidedTraces::kTraces / 8; ++i) {
    kept.push_back(TraceId::random());
    traces.put(kept.back(), true, kStart);
  }
  for (std::size_t i = 0; i < 10 * DecidedTraces::kTraces; ++i) {
    traces.put(TraceId::random(), false, kStart + 1s);
  }
  std::size_t remembered = 0;
  for (const TraceId& id : kept) remembered += traces.find(id, kStart + 1s) == true;
  EXPECT_GE(remembered, kept.size() - 20);
}

TEST(DecidedTraces, DoesNotForgetWhatWasKeptForWhatWasDropped) {
  DecidedTraces traces(1min);
  for (std::size_t i = 0; i < 4 * DecidedTraces::kTraces; ++i) {
    traces.put(TraceId::random(), true, kStart);
  }
  const TraceId kept = TraceId::random();
  traces.put(kept, true, kStart + 1s);
  std::size_t remembered = 0;
  for (std::size_t i = 0; i < 4 * DecidedTraces::kTraces; ++i) {
    const TraceId dropped = TraceId::random();
    traces.put(dropped, false, kStart + 2s);
    remembered += traces.find(dropped, kStart + 2s).has_value();
  }
  EXPECT_EQ(traces.find(kept, kStart + 2s), true);
  EXPECT_LE(remembered, DecidedTraces::kTraces / 100);
}

TEST(DecidedTraces, ForgetsTheOldestWhereThereAreTooMany) {
  DecidedTraces traces(1min);
  std::vector<TraceId> ids;
  for (std::size_t i = 0; i < 4 * DecidedTraces::kTraces; ++i) {
    ids.push_back(TraceId::random());
    traces.put(ids.back(), true, kStart + std::chrono::microseconds(i));
  }
  std::size_t young = 0;
  for (std::size_t i = ids.size() - 1'000; i < ids.size(); ++i) {
    young += traces.find(ids[i], kStart + 1s) == true;
  }
  EXPECT_GE(young, 990U);
  EXPECT_EQ(traces.find(ids[0], kStart + 1s), std::nullopt);
}

TEST(DecidedTraces, IsEmptyOnceCleared) {
  DecidedTraces traces(1min);
  const TraceId id = TraceId::random();
  traces.put(id, true, kStart);
  traces.clear();
  EXPECT_EQ(traces.find(id, kStart), std::nullopt);
}

}  // namespace
}  // namespace waybill::internal
