#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/testing.h>
#include <cli/trace_collector.h>

namespace waybill::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void add(TraceCollector& collector, const std::string& trace_id) {
  Record record = testing::record_from("{\"trace_id\":\"" + trace_id + "\"}");
  collector.add(record);
}

TEST(TraceCollector, KeepsTheRecordsOfOneTrace) {
  TraceMatcher matcher("abc-123");
  TraceCollector collector(matcher);
  add(collector, "abc-123");
  add(collector, "other");
  add(collector, TraceId::from_name("abc-123").to_hex());
  EXPECT_FALSE(collector.is_ambiguous());
  EXPECT_THAT(collector.take_records(), SizeIs(2));
}

TEST(TraceCollector, AcceptsTheStartOfASingleId) {
  TraceMatcher matcher("4bf92f35");
  TraceCollector collector(matcher);
  add(collector, "4bf92f3577b34da6a3ce929d0e0e4736");
  add(collector, "4BF92F35-77b3-4da6-a3ce-929d0e0e4736");
  EXPECT_FALSE(collector.is_ambiguous());
  EXPECT_THAT(collector.take_records(), SizeIs(2));
}

TEST(TraceCollector, NamesTheCandidatesOfAnAmbiguousStart) {
  TraceMatcher matcher("4bf92f35");
  TraceCollector collector(matcher);
  add(collector, "4bf92f35000000000000000000000002");
  add(collector, "4bf92f35000000000000000000000001");
  add(collector, "4bf92f35000000000000000000000002");
  EXPECT_TRUE(collector.is_ambiguous());
  EXPECT_THAT(collector.candidates(),
              ElementsAre("4bf92f35000000000000000000000001", "4bf92f35000000000000000000000002"));
  EXPECT_THAT(collector.take_records(), IsEmpty());
}

TEST(TraceCollector, PrefersANameToTheStartOfIds) {
  TraceMatcher matcher("4bf92f35");
  TraceCollector collector(matcher);
  add(collector, "4bf92f35000000000000000000000001");
  add(collector, "4bf92f35");
  add(collector, "4bf92f35000000000000000000000002");
  EXPECT_FALSE(collector.is_ambiguous());
  EXPECT_THAT(collector.take_records(), SizeIs(1));
}

TEST(TraceCollector, BoundsTheCandidates) {
  TraceMatcher matcher("4bf92f35");
  TraceCollector collector(matcher);
  for (int i = 100; i < 200; ++i)
    add(collector, "4bf92f35000000000000000000000" + std::to_string(i));
  EXPECT_THAT(collector.candidates(), SizeIs(TraceCollector::kMostCandidates));
}

}  // namespace
}  // namespace waybill::cli
