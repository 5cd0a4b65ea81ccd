// Waybill between services with OpenTelemetry's SDKs, over HTTP: who calls whom is the same for
// all.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/core.h>
#include <waybill/http/client.h>
#include <waybill/http/server.h>
#include <waybill/propagation/propagation.h>

#include "tests/support/process.h"

namespace waybill {
namespace {

namespace fs = std::filesystem;
using boost::asio::awaitable;
using http::Request;
using http::Response;
using nlohmann::json;
using std::chrono_literals::operator""s;

constexpr int kSeconds = 60;
const std::string kNoSpan(16, '0');
const std::string kTracestate = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7";
// No space: OpenTelemetry's Python SDK writes "+" for it, which W3C Baggage (section 3.3.1) takes
// for itself.
const json kBaggage = {{"tenant", "Acme&Sons,Z\u00fcrich"}, {"user", "alice"}};

// A service of another language, on a port of its own.
class Peer {
 public:
  Peer(std::vector<std::string> command, const fs::path& output)
      : process_(std::move(command), output.string()) {
    std::string said;
    std::smatch found;
    const auto listens = [&] {
      said = (std::ostringstream() << std::ifstream(output).rdbuf()).str();
      return std::regex_search(said, found, std::regex("port ([0-9]+)\n"));
    };
    test::eventually([&] { return listens() || !process_.running(); }, kSeconds);
    EXPECT_FALSE(found.empty()) << said;
    if (!found.empty()) url_ = "http://127.0.0.1:" + found[1].str() + "/?propagators=";
  }

  std::string url(const std::string& formats) const { return url_ + formats; }

 private:
  test::Process process_;
  std::string url_;
};

// What a peer answers, and a Waybill service here too.
json describe(const Context& context) {
  json baggage = json::object();
  Baggage::of(context).for_each([&](std::string_view key, std::string_view value) {
    baggage[std::string(key)] = std::string(value);
  });
  return {{"trace_id", context.trace_id().to_hex()},
          {"span_id", context.span_id().to_hex()},
          {"parent_span_id", context.parent_span_id().to_hex()},
          {"sampled", context.flags().sampled()},
          {"debug", context.sampling() == Sampling::kDebug},  // of Waybill's answers alone
          {"tracestate", std::string(context.tracestate())},
          {"baggage", baggage}};
}

class InteropTest : public testing::TestWithParam<std::tuple<const char*, const char*>> {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "waybill-interop-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    const std::string peers = PEERS;
    peers_.try_emplace("python", std::vector<std::string>{PYTHON, peers + "/peer.py"},
                       folder_ / "python");
    peers_.try_emplace("javascript", std::vector<std::string>{NODE, peers + "/peer.mjs"},
                       folder_ / "javascript");
  }
  static void TearDownTestSuite() {
    peers_.clear();
    fs::remove_all(folder_);
  }

  void SetUp() override {
    // A service in the middle, as anybody would write it: it calls the next one.
    service_.route("POST", "/", [this](const Request&) -> awaitable<Response> {
      json seen = describe(Context::current());
      const http::ClientResult result = co_await client_.async_post(next(), "{}");
      seen["called"] = result.ok() ? json::parse(result.response.body) : json(result.message);
      co_return Response::json(200, seen.dump());
    });
    service_.start();
  }
  void TearDown() override { service_.stop(); }

  static std::string language() { return std::get<0>(GetParam()); }
  static std::string formats() { return std::get<1>(GetParam()); }
  // What the formats carry besides ids and whether the trace is sampled.
  static bool carries_tracestate() { return formats().find("tracecontext") != std::string::npos; }
  static bool carries_baggage() {
    return formats().find("baggage") != std::string::npos ||
           formats().find("jaeger") != std::string::npos;
  }

  static std::string peer() { return peers_.at(language()).url(formats_of_peers()); }
  // Of the other language.
  static std::string next() {
    return peers_.at(language() == "python" ? "javascript" : "python").url(formats_of_peers());
  }
  // With OpenTelemetry the last format that is there counts, here the first.
  static std::string formats_of_peers() {
    std::string reversed;
    std::istringstream names(formats());
    for (std::string name; std::getline(names, name, ',');) {
      reversed = reversed.empty() ? name : name + "," + reversed;
    }
    return reversed;
  }
  static Propagator propagator() { return Propagator({.formats = FormatList::parse(formats())}); }

  // The peer under test calls the service here, which calls the other peer.
  json call_peer(const json& more = json::object()) {
    json body = more;
    body["url"] = "http://127.0.0.1:" + std::to_string(service_.port()) + "/";
    const http::ClientResult result = client_.post(peer(), body.dump());
    EXPECT_EQ(result.response.status, 200) << result.message;
    return json::parse(result.response.body, nullptr, false);
  }

  // That each in the chain is the child of the one before, in the same trace, with all that this
  // trace carries.
  static void expect_chain(json hop, const json& trace, std::string parent) {
    for (const char* who : {"the peer", "Waybill", "the other peer"}) {
      SCOPED_TRACE(testing::Message() << who << ": " << hop);
      ASSERT_TRUE(hop.is_object());
      EXPECT_EQ(hop.at("trace_id"), trace.at("trace_id"));
      EXPECT_EQ(hop.at("parent_span_id"), parent);
      EXPECT_EQ(hop.at("sampled"), trace.at("sampled"));
      EXPECT_EQ(hop.at("tracestate"), carries_tracestate() ? trace.at("tracestate") : json(""));
      EXPECT_EQ(hop.at("baggage"), carries_baggage() ? trace.at("baggage") : json::object());
      parent = hop.at("span_id");
      hop = hop.value("called", json());
    }
  }

  void expect_kept(const TraceOptions& options) {
    Context context = Context::new_trace(options);
    for (const auto& [key, value] : kBaggage.items()) {
      context = set_baggage(context, key, value.get<std::string>());
    }
    const Scope scope{context};
    expect_chain(call_peer(), describe(context), context.span_id().to_hex());
  }

  static fs::path folder_;
  static std::map<std::string, Peer> peers_;
  http::Client client_{{.timeout = 30s, .propagator = propagator(), .trusted = true}};
  http::Server service_{{.tracing_options = {.propagator = propagator(), .trusted = true}}};
};

fs::path InteropTest::folder_;
std::map<std::string, Peer> InteropTest::peers_;

TEST_P(InteropTest, ATraceFromHereIsKeptThroughAPeerAndBack) {
  expect_kept({.tracestate = kTracestate});
}

TEST_P(InteropTest, ATraceFromHereThatIsNotSampledStaysSo) {
  expect_kept({.flags = TraceFlags(0), .tracestate = kTracestate});
}

TEST_P(InteropTest, ATraceIdOf64BitsIsKept) {
  expect_kept({.trace_id = TraceId::from_hex("000000000000000006cd43dd8448eb21"),
               .span_id = SpanId::from_hex("00000000203331b7"),
               .tracestate = kTracestate});
}

TEST_P(InteropTest, ATraceThatAPeerBeganIsKeptThroughHere) {
  const json seen = call_peer({{"baggage", kBaggage}});
  const json trace = {{"trace_id", seen.value("trace_id", "none")},
                      {"sampled", true},
                      {"tracestate", ""},
                      {"baggage", kBaggage}};
  EXPECT_NE(trace.at("trace_id"), std::string(32, '0'));
  // The peer itself has the baggage also where its formats cannot carry it.
  json first = seen;
  if (!carries_baggage() && first.is_object()) first["baggage"] = json::object();
  expect_chain(first, trace, kNoSpan);
}

// Formats and an SDK that know of a trace which somebody wants to see whatever it costs.
class InteropDebugTest : public InteropTest {};

TEST_P(InteropDebugTest, ADebugTraceStaysOneThroughAPeer) {
  const Scope scope{Context::new_trace({.sampling = Sampling::kDebug})};
  const json seen = call_peer();
  EXPECT_EQ(seen.value("sampled", false), true);
  EXPECT_EQ(seen.value("called", json::object()).value("debug", false), true) << seen;
}

std::string name_of(const testing::TestParamInfo<std::tuple<const char*, const char*>>& info) {
  const std::string formats = std::get<1>(info.param);
  return std::get<0>(info.param) + ("_" + std::regex_replace(formats, std::regex(","), "_"));
}

INSTANTIATE_TEST_SUITE_P(
    OpenTelemetry, InteropTest,
    testing::Combine(testing::Values("python", "javascript"),
                     testing::Values("tracecontext", "tracecontext,baggage", "b3", "b3multi",
                                     "b3multi,baggage", "jaeger", "xray",
                                     "tracecontext,baggage,b3,b3multi,jaeger,xray")),
    name_of);
INSTANTIATE_TEST_SUITE_P(OpenTelemetry, InteropDebugTest,
                         testing::Combine(testing::Values("javascript"),
                                          testing::Values("b3", "b3multi")),
                         name_of);

}  // namespace
}  // namespace waybill
