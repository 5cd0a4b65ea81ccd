#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/http/headers_carrier.h>
#include <waybill/propagation/propagation.h>

namespace waybill::http {
namespace {

using testing::Eq;
using testing::Optional;

TEST(HeadersCarrier, ReadsAndWritesInAnyCase) {
  Headers headers{{"Tracestate", "a=1"}, {"tracestate", "b=2"}};
  HeadersCarrier carrier(headers);
  EXPECT_THAT(carrier.get("TRACESTATE"), Optional(Eq("a=1")));
  EXPECT_EQ(carrier.get_joined("tracestate"), "a=1,b=2");

  carrier.set("TraceState", "c=3");
  EXPECT_EQ(headers.get_joined("tracestate"), "c=3");
  carrier.remove("tracestate");
  EXPECT_TRUE(headers.empty());
}

TEST(HeadersCarrier, LeavesConstHeadersAsTheyAre) {
  const Headers headers{{"a", "1"}};
  HeadersCarrier carrier(headers);
  carrier.set("a", "2");
  carrier.remove("a");
  EXPECT_EQ(headers.get_joined("a"), "1");
}

TEST(HeadersCarrier, CarriesAContext) {
  const Context sent = Context::new_trace({.name = "batch-7"});
  Headers headers;
  HeadersCarrier carrier(headers);
  inject(sent, carrier);
  const Context received = extract(carrier);
  EXPECT_EQ(received.trace_id(), sent.trace_id());
  EXPECT_EQ(received.span_id(), sent.span_id());
  EXPECT_EQ(received.trace_name(), "batch-7");
}

}  // namespace
}  // namespace waybill::http
