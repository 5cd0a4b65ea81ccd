#include <gtest/gtest.h>

#include <cli/record_keys.h>

namespace waybill::cli {
namespace {

TEST(RecordKeys, KnowsWaybillsOwnAndCommonOthers) {
  EXPECT_EQ(record_key("time"), RecordKey::kTime);
  EXPECT_EQ(record_key("@timestamp"), RecordKey::kTime);
  EXPECT_EQ(record_key("severity"), RecordKey::kSeverity);
  EXPECT_EQ(record_key("level"), RecordKey::kSeverity);
  EXPECT_EQ(record_key("msg"), RecordKey::kMessage);
  EXPECT_EQ(record_key("log.logger"), RecordKey::kLogger);
  EXPECT_EQ(record_key("service.name"), RecordKey::kService);
  EXPECT_EQ(record_key("traceId"), RecordKey::kTraceId);
  EXPECT_EQ(record_key("spanId"), RecordKey::kSpanId);
  EXPECT_EQ(record_key("parentSpanId"), RecordKey::kParentSpanId);
}

TEST(RecordKeys, LeavesTheRestToTheUser) {
  for (const char* key : {"", "zip", "Time", "trace", "trace_flags", "parent_id"}) {
    EXPECT_EQ(record_key(key), RecordKey::kField) << key;
  }
}

}  // namespace
}  // namespace waybill::cli
