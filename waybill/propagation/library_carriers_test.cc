// The carriers for the headers of other libraries, with those libraries.
#include <string>
#include <vector>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/propagation/beast_carrier.h>
#include <waybill/propagation/curl_carrier.h>
#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

using testing::ElementsAre;

class CurlCarrierTest : public testing::Test {
 protected:
  ~CurlCarrierTest() override { curl_slist_free_all(list_); }

  void append(const char* text) { list_ = curl_slist_append(list_, text); }
  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const curl_slist* entry = list_; entry != nullptr; entry = entry->next) {
      texts.emplace_back(entry->data);
    }
    return texts;
  }

  curl_slist* list_ = nullptr;
};

TEST_F(CurlCarrierTest, ReadsTheListAsLibcurlDoes) {
  append("TraceState:  a=1 ");
  append("Accept:");  // not sent
  append("X-Empty;");
  append("tracestate: b=2");
  const CurlCarrier carrier(list_);
  EXPECT_EQ(carrier.get("tracestate"), "a=1");
  EXPECT_EQ(carrier.get_joined("tracestate"), "a=1,b=2");
  EXPECT_EQ(carrier.get("x-empty"), "");
  EXPECT_EQ(carrier.get("accept"), std::nullopt);
}

TEST_F(CurlCarrierTest, ReplacesEveryValueOfAName) {
  append("X-Trace-ID: old");
  append("Accept: text/html");
  append("x-trace-id: older");
  CurlCarrier carrier(list_);
  carrier.set("X-Trace-ID", "new");
  carrier.set("X-Empty", "");
  EXPECT_THAT(texts(), ElementsAre("Accept: text/html", "X-Trace-ID: new", "X-Empty;"));
  carrier.remove("accept");
  EXPECT_THAT(texts(), ElementsAre("X-Trace-ID: new", "X-Empty;"));
}

TEST_F(CurlCarrierTest, CarriesAContext) {
  append("Content-Type: application/json");
  CurlCarrier carrier(list_);
  const Context sent = Context::new_trace({.name = "batch-7", .tracestate = "a=1"});
  inject(sent, carrier);
  const Context received = extract(carrier);
  EXPECT_EQ(received.span_id(), sent.span_id());
  EXPECT_EQ(received.trace_name(), "batch-7");
  EXPECT_EQ(received.tracestate(), "a=1");
}

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;

TEST(BeastCarrier, ReadsAndWritesInAnyCase) {
  BeastRequest request;
  request.insert("TraceState", "a=1");
  request.insert("tracestate", "b=2");
  BeastCarrier carrier(request);
  EXPECT_EQ(carrier.get("TRACESTATE"), "a=1");
  EXPECT_EQ(carrier.get_joined("tracestate"), "a=1,b=2");
  EXPECT_EQ(carrier.get("baggage"), std::nullopt);
  carrier.set("tracestate", "c=3");
  EXPECT_EQ(carrier.get_joined("TraceState"), "c=3");
  carrier.remove("TraceState");
  EXPECT_EQ(carrier.get("tracestate"), std::nullopt);
}

TEST(BeastCarrier, CarriesAContextInARequestThatIsConstForTheReceiver) {
  BeastRequest request;
  BeastCarrier carrier(request);
  const Context sent = Context::new_trace({.name = "batch-7", .tracestate = "a=1"});
  inject(sent, carrier);
  const BeastRequest& arrived = request;
  const Context received = extract(BeastCarrier(arrived));
  EXPECT_EQ(received.span_id(), sent.span_id());
  EXPECT_EQ(received.trace_name(), "batch-7");
  EXPECT_EQ(received.tracestate(), "a=1");
}

}  // namespace
}  // namespace waybill
