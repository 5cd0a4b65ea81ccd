// The relay on real processes: what a service behind it receives.
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/core.h>
#include <waybill/http/server.h>
#include <waybill/propagation/propagation.h>

#include "tests/e2e/relay_process.h"

namespace waybill {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kTraceId = "0af7651916cd43dd8448eb211c80319c";
const std::string kParent = "b7ad6b7169203331";
const std::string kTraceparent = "traceparent: 00-" + kTraceId + "-" + kParent + "-01\r\n";

class RelayTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { relay_ = std::make_unique<test::RelayProcess>(); }
  static void TearDownTestSuite() { relay_.reset(); }

  void SetUp() override {
    receiver_.route("POST", "/{name}", [this](const Request& request) {
      // Time enough for a call that did not wait for this one to come first.
      if (request.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(50));
      const std::lock_guard lock(mutex_);
      received_.push_back(request);
      return Response::text(request.path == "/broken" ? 500 : 202, "");
    });
    receiver_.start();
  }
  void TearDown() override { receiver_.stop(); }

  std::string url(const std::string& name) const {
    return "http://127.0.0.1:" + std::to_string(receiver_.port()) + "/" + name;
  }
  static json call(const std::string& url, json arguments = json::array()) {
    return {{"url", url}, {"arguments", std::move(arguments)}};
  }
  std::vector<Request> received() {
    const std::lock_guard lock(mutex_);
    return received_;
  }
  // What one call is made with when the relay is asked with these headers.
  Request relayed(const std::string& headers, const test::RelayProcess& relay = *relay_) {
    EXPECT_EQ(relay.post(json::array({call(url("one"))}).dump(), headers).status, 200);
    const std::vector<Request> requests = received();
    EXPECT_EQ(requests.size(), 1U);
    return requests.empty() ? Request{} : requests.front();
  }

  // The one traceparent of a request.
  static Traceparent traceparent(const Request& request) {
    EXPECT_EQ(request.headers.count("traceparent"), 1U) << request.path;
    const auto parsed = parse_traceparent(request.header("traceparent").value_or(""));
    EXPECT_TRUE(parsed.has_value()) << request.path;
    return parsed.value_or(Traceparent{});
  }
  static std::string trace_of(const Request& request) {
    return traceparent(request).trace_id.to_hex();
  }

  static std::unique_ptr<test::RelayProcess> relay_;
  std::mutex mutex_;
  std::vector<Request> received_;
  http::Server receiver_{{.threads = 4, .tracing = false}};
};

std::unique_ptr<test::RelayProcess> RelayTest::relay_;

TEST_F(RelayTest, CallsOneAfterTheOtherWithTheArguments) {
  const json asked = {call(url("slow"), {{"zip", "98101"}}), call(url("b"), "text"),
                      call(url("c"))};
  const Response response = relay_->post(asked.dump(), kTraceparent);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(json::parse(response.body), ElementsAre(json{{"url", url("slow")}, {"status", 202}},
                                                      json{{"url", url("b")}, {"status", 202}},
                                                      json{{"url", url("c")}, {"status", 202}}));
  std::vector<std::string> calls;
  for (const Request& request : received()) {
    calls.push_back(request.path + " " + request.body);
    EXPECT_EQ(request.header("Content-Type"), "application/json");
  }
  EXPECT_THAT(calls, ElementsAre(R"(/slow {"zip":"98101"})", R"(/b "text")", "/c []"));
}

TEST_F(RelayTest, EachCallHasASpanIdOfItsOwnInTheTraceOfTheRequest) {
  relay_->post(json::array({call(url("a")), call(url("b")), call(url("a"))}).dump(), kTraceparent);
  std::set<std::string> spans = {kParent};
  for (const Request& request : received()) {
    EXPECT_EQ(trace_of(request), kTraceId);
    EXPECT_TRUE(traceparent(request).flags.sampled());
    spans.insert(traceparent(request).span_id.to_hex());
  }
  EXPECT_EQ(spans.size(), 4U);
}

TEST_F(RelayTest, KeepsATraceThroughSeveralRelays) {
  const test::RelayProcess second;
  const json last = {call(url("a")), call(url("b"))};
  const json through = json::array({call(relay_->url(), last)});
  const json asked = {call(second.url(), through), call(url("c"))};
  const Response response =
      relay_->post(asked.dump(), kTraceparent + "tracestate: congo=t61rcWkgMzE\r\n");
  EXPECT_EQ(response.status, 200);
  std::vector<std::string> paths;
  std::set<std::string> spans;
  for (const Request& request : received()) {
    paths.push_back(request.path);
    spans.insert(traceparent(request).span_id.to_hex());
    EXPECT_EQ(trace_of(request), kTraceId);
    EXPECT_EQ(request.headers.get_joined("tracestate"), "congo=t61rcWkgMzE");
  }
  EXPECT_THAT(paths, ElementsAre("/a", "/b", "/c"));
  EXPECT_EQ(spans.size(), 3U);
}

TEST_F(RelayTest, AnUnsampledTraceStaysUnsampled) {
  const Request request =
      relayed("traceparent: 00-" + kTraceId + "-" + kParent + "-02\r\n");  // random, not sampled
  EXPECT_EQ(request.header("traceparent").value_or("").substr(52), "-02");
}

TEST_F(RelayTest, HeaderNamesAreReadInAnyCase) {
  const Request request =
      relayed("TRACEPARENT: 00-" + kTraceId + "-" + kParent + "-01\r\nTraceState: rojo=1\r\n");
  EXPECT_EQ(trace_of(request), kTraceId);
  EXPECT_EQ(request.headers.get_joined("tracestate"), "rojo=1");
}

TEST_F(RelayTest, WhitespaceAroundValuesIsNoPartOfThem) {
  const Request request = relayed("traceparent: \t 00-" + kTraceId + "-" + kParent +
                                  "-01 \t\r\ntracestate:\trojo=1 \t, \tcongo=2 \r\n");
  EXPECT_EQ(trace_of(request), kTraceId);
  EXPECT_EQ(request.headers.get_joined("tracestate"), "rojo=1,congo=2");
}

TEST_F(RelayTest, TwoTraceparentsAreNone) {
  const std::string other = "traceparent: 00-" + kTraceId + "-b7ad6b7169203332-01\r\n";
  EXPECT_NE(trace_of(relayed(kTraceparent + other + "tracestate: rojo=1\r\n")), kTraceId);
  EXPECT_EQ(received().at(0).headers.count("tracestate"), 0U);
}

TEST_F(RelayTest, WithoutATraceparentANewTraceBegins) {
  const Request request = relayed("tracestate: rojo=1\r\n");
  EXPECT_TRUE(traceparent(request).trace_id.is_valid());
  EXPECT_EQ(request.headers.count("tracestate"), 0U);
}

TEST_F(RelayTest, SeveralTracestateHeadersAreOneListInOrder) {
  const Request request = relayed("tracestate: a=1,b=2\r\n" + kTraceparent +
                                  "tracestate: c=3\r\ntracestate:\r\ntracestate: d=4\r\n");
  EXPECT_EQ(request.headers.count("tracestate"), 1U);
  EXPECT_EQ(request.header("tracestate"), "a=1,b=2,c=3,d=4");
}

TEST_F(RelayTest, ATracestateOfMoreThan32MembersIsDroppedAndTheTraceKept) {
  std::string headers = kTraceparent;
  for (int i = 0; i < 33; ++i) headers += "tracestate: k" + std::to_string(i) + "=1\r\n";
  const Request request = relayed(headers);
  EXPECT_EQ(trace_of(request), kTraceId);
  EXPECT_EQ(request.headers.count("tracestate"), 0U);
}

TEST_F(RelayTest, BaggageIsPassedOnOnlyWhereTrusted) {
  EXPECT_EQ(relayed(kTraceparent + "baggage: account=acme\r\n").headers.count("baggage"), 0U);
  received_.clear();
  const test::RelayProcess trusting({"--trusted"});
  EXPECT_EQ(relayed(kTraceparent + "baggage: account=acme\r\n", trusting).header("baggage"),
            "account=acme");
}

TEST_F(RelayTest, SpeaksTheFormatsItIsGiven) {
  const test::RelayProcess relay({"--propagators", "b3multi"});
  const Request request = relayed(kTraceparent + "X-B3-TraceId: " + std::string(32, 'a') +
                                      "\r\nX-B3-SpanId: " + kParent + "\r\nX-B3-Sampled: 0\r\n",
                                  relay);
  EXPECT_EQ(request.header("X-B3-TraceId"), std::string(32, 'a'));
  EXPECT_NE(request.header("X-B3-SpanId"), kParent);
  EXPECT_EQ(request.header("X-B3-Sampled"), "0");
  EXPECT_FALSE(request.header("traceparent"));
}

TEST_F(RelayTest, ACallThatFailsDoesNotStopTheOthers) {
  const std::string nobody = "http://127.0.0.1:1/";  // tcpmux: nobody listens there
  const std::string cut = "ftp://" + std::string(193, 'a') + "\u00e9";  // in a message: half an é
  const json asked = {call(nobody), call(cut), call(url("broken")), call(url("b"))};
  const Response response = relay_->post(asked.dump(), kTraceparent);
  EXPECT_EQ(response.status, 200);
  const json answer = json::parse(response.body);
  ASSERT_EQ(answer.size(), 4U);
  EXPECT_EQ(answer[0].at("url"), nobody);
  EXPECT_THAT(answer[0].at("error").get<std::string>(), HasSubstr("127.0.0.1:1"));
  EXPECT_TRUE(answer[1].at("error").is_string());
  EXPECT_EQ(answer[2].at("status"), 500);
  EXPECT_EQ(answer[3].at("status"), 202);
  EXPECT_EQ(received().size(), 2U);
}

TEST_F(RelayTest, AnEmptyListIsDoneAtOnce) {
  const Response response = relay_->post("[]", kTraceparent);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "[]");
  EXPECT_EQ(response.header("X-Trace-ID"), kTraceId);
}

TEST_F(RelayTest, ABodyThatIsNoListOfCallsIsRefusedWhole) {
  const std::string good = call(url("a")).dump();
  const std::map<std::string, std::string> reasons = {
      {"", "the body is not JSON"},
      {"[{]", "the body is not JSON"},
      {good, "the body is no array"},
      {"null", "the body is no array"},
      {"[" + good + ", 7]", "element 1 is no object"},
      {"[" + good + R"(, {"arguments": []}])", R"(element 1 has no text "url")"},
      {R"([{"url": 7}])", R"(element 0 has no text "url")"},
      {std::string(400'000, '['), "nested more than 100 deep"},
      {R"([{"url": "/", "arguments": )" + std::string(99, '[') + std::string(99, ']') + "}]",
       "nested more than 100 deep"},
  };
  for (const auto& [body, reason] : reasons) {
    const Response response = relay_->post(body, kTraceparent);
    EXPECT_EQ(response.status, 400) << body.substr(0, 100);
    const std::string error = json::parse(response.body).at("error");
    EXPECT_THAT(error, testing::StartsWith(reason));
    EXPECT_THAT(error, HasSubstr("expected a JSON array"));
  }
  EXPECT_EQ(received().size(), 0U);
}

TEST_F(RelayTest, OnlyPostIsRelayed) {
  EXPECT_EQ(relay_->ask("GET / HTTP/1.1\r\nHost: relay\r\n\r\n").status, 404);
}

TEST(RelayCommandLine, NamesWhatIsWrong) {
  for (const std::string listen : {"8080", ":8080", "127.0.0.1:", "127.0.0.1:70000", "[::1]", ""}) {
    EXPECT_THAT(test::complaint_about({"--listen", listen}), HasSubstr("listen")) << listen;
  }
  EXPECT_THAT(test::complaint_about({"--propagators", "b3,zipkin"}),
              AllOf(HasSubstr("propagators"), HasSubstr("zipkin")));
}

}  // namespace
}  // namespace waybill
