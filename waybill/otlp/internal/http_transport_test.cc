#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

#include <waybill/otlp/internal/gunzip.h>
#include <waybill/otlp/internal/http_transport.h>
#include <waybill/otlp/internal/test_collector.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using Kind = TestCollector::Reply::Kind;
using testing::HasSubstr;

SignalOptions options_for(const std::string& url) {
  SignalOptions options;
  options.url = url;
  options.is_loopback = true;
  options.timeout = 30s;
  return options;
}

class HttpTransportTest : public testing::Test {
 protected:
  Answer send(std::string_view request = "request", Encoding encoding = Encoding::kProtobuf) {
    if (transport_ == nullptr) transport_ = std::make_unique<HttpTransport>(options_);
    return transport_->send(request, encoding);
  }

  TestCollector collector_;
  SignalOptions options_ = options_for(collector_.url());
  std::unique_ptr<HttpTransport> transport_;
};

TEST_F(HttpTransportTest, PostsTheRequest) {
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
  const auto request = collector_.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/v1/traces");
  EXPECT_EQ(request.body, "request");
  EXPECT_EQ(request.headers.at("content-type"), "application/x-protobuf");
  EXPECT_THAT(request.headers.at("user-agent"), testing::StartsWith("OTel-OTLP-Exporter-Waybill/"));
  EXPECT_FALSE(request.headers.contains("expect"));
  EXPECT_FALSE(request.headers.contains("content-encoding"));
}

TEST_F(HttpTransportTest, SaysWhichEncodingARequestHas) {
  send("{}", Encoding::kJson);
  send("pb", Encoding::kProtobuf);
  EXPECT_EQ(collector_.requests().at(0).headers.at("content-type"), "application/json");
  EXPECT_EQ(collector_.requests().at(1).headers.at("content-type"), "application/x-protobuf");
}

TEST_F(HttpTransportTest, SendsHeaders) {
  options_.headers = {{"api-key", "s3cret"}, {"x-empty", ""}};
  send();
  EXPECT_EQ(collector_.requests().at(0).headers.at("api-key"), "s3cret");
  EXPECT_EQ(collector_.requests().at(0).headers.at("x-empty"), "");
}

TEST_F(HttpTransportTest, KeepsItsConnectionOpen) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send().outcome, Outcome::kDelivered);
  EXPECT_EQ(collector_.connections(), 1U);
}

TEST_F(HttpTransportTest, DoesNotAskForLeaveBeforeALargeRequest) {
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(send(large).outcome, Outcome::kDelivered);
  EXPECT_EQ(collector_.requests().at(0).body, large);
  EXPECT_FALSE(collector_.requests().at(0).headers.contains("expect"));
}

TEST_F(HttpTransportTest, Compresses) {
  options_.compression = OtlpCompression::kGzip;
  for (const std::string& text : {std::string(100'000, 'x'), std::string("y")}) {
    EXPECT_EQ(send(text).outcome, Outcome::kDelivered);
    const auto request = collector_.requests().back();
    EXPECT_EQ(request.headers.at("content-encoding"), "gzip");
    EXPECT_EQ(gunzip(request.body), text);
  }
}

TEST_F(HttpTransportTest, KnowsWhichStatusMayPass) {
  for (const int status : {200, 202, 204}) {
    collector_.reply({.status = status});
    EXPECT_EQ(send().outcome, Outcome::kDelivered) << status;
  }
  for (const int status : {429, 502, 503, 504}) {
    collector_.reply({.status = status});
    const Answer answer = send();
    EXPECT_EQ(answer.outcome, Outcome::kRetry) << status;
    EXPECT_EQ(answer.reason, "HTTP status " + std::to_string(status));
  }
  for (const int status : {400, 401, 403, 404, 413, 500, 501}) {
    collector_.reply({.status = status});
    EXPECT_EQ(send().outcome, Outcome::kRefused) << status;
  }
}

TEST_F(HttpTransportTest, FollowsNoRedirect) {
  const TestCollector other;
  collector_.reply({.status = 307, .headers = "Location: " + other.url() + "\r\n"});
  EXPECT_EQ(send().outcome, Outcome::kRefused);
  EXPECT_EQ(collector_.requests().size(), 1U);
}

TEST_F(HttpTransportTest, HearsWhenToComeBack) {
  collector_.reply({.status = 503, .headers = "Retry-After: 17\r\n"});
  EXPECT_EQ(send().retry_after, 17s);
  collector_.reply({.status = 429, .headers = "RETRY-AFTER: Fri, 31 Dec 1999 23:59:59 GMT\r\n"});
  EXPECT_EQ(send().retry_after, 0s);
  collector_.reply({.status = 503, .headers = "Retry-After: never\r\n"});
  EXPECT_EQ(send().retry_after, std::nullopt);
  collector_.reply({.status = 503});
  EXPECT_EQ(send().retry_after, std::nullopt);
}

TEST_F(HttpTransportTest, ReadsWhatTheCollectorSays) {
  std::string partial;
  {
    protozero::pbf_writer writer(partial);
    protozero::pbf_writer inner(writer, 1);
    inner.add_int64(1, 2);
    inner.add_string(2, "too old");
  }
  collector_.reply({.body = partial});
  const Answer answer = send();
  EXPECT_EQ(answer.outcome, Outcome::kDelivered);
  EXPECT_EQ(answer.partial.rejected, 2U);
  EXPECT_EQ(answer.partial.message, "too old");
  collector_.reply({.status = 400, .body = R"({"message":"bad data"})"});
  EXPECT_EQ(send("{}", Encoding::kJson).reason, "HTTP status 400: bad data");
}

TEST_F(HttpTransportTest, ReadsNoResponseWithoutEnd) {
  collector_.reply({.body = std::string(10'000'000, 'x')});
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
  collector_.reply({.status = 503, .body = std::string(10'000'000, 'x')});
  EXPECT_EQ(send().outcome, Outcome::kRetry);
  collector_.reply({.headers = "X: " + std::string(90'000, 'x') + "\r\n"});
  EXPECT_EQ(send().outcome, Outcome::kRetry);
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
}

TEST_F(HttpTransportTest, MayTryAgainWhenTheConnectionBreaks) {
  collector_.reply({.kind = Kind::kHangUp});
  const Answer answer = send();
  EXPECT_EQ(answer.outcome, Outcome::kRetry);
  EXPECT_FALSE(answer.reason.empty());
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
}

TEST_F(HttpTransportTest, MayTryAgainWhenNobodyListens) {
  std::uint16_t port = 0;
  {
    const TestCollector gone;
    port = gone.port();
  }
  options_.url = "http://127.0.0.1:" + std::to_string(port) + "/";
  const Answer answer = send();
  EXPECT_EQ(answer.outcome, Outcome::kRetry);
  EXPECT_THAT(answer.reason, HasSubstr("127.0.0.1"));
}

TEST_F(HttpTransportTest, WaitsNoLongerThanTheTimeOut) {
  options_.timeout = 100ms;
  collector_.reply({.kind = Kind::kNever});
  const Answer answer = send();
  EXPECT_EQ(answer.outcome, Outcome::kRetry);
  EXPECT_THAT(answer.reason, HasSubstr("imed out"));
}

TEST_F(HttpTransportTest, IsStoppedByAnotherThread) {
  collector_.reply({.kind = Kind::kNever});
  HttpTransport transport(options_);
  std::thread other([&] {
    collector_.wait_for_requests(1);
    transport.abort();
  });
  EXPECT_EQ(transport.send("request", Encoding::kProtobuf).outcome, Outcome::kAborted);
  EXPECT_EQ(transport.send("request", Encoding::kProtobuf).outcome, Outcome::kAborted);
  other.join();
}

TEST_F(HttpTransportTest, UsesNoProxyForACollectorOnThisHost) {
  const TestCollector proxy;
  setenv("http_proxy", proxy.url("").c_str(), 1);
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
  EXPECT_EQ(collector_.requests().size(), 1U);
  unsetenv("http_proxy");
}

TEST_F(HttpTransportTest, UsesTheProxyOfTheEnvironmentForOthers) {
  setenv("http_proxy", collector_.url("").c_str(), 1);
  options_.url = "http://collector.invalid:4318/v1/traces";
  options_.is_loopback = false;
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
  EXPECT_EQ(collector_.requests().at(0).path, "http://collector.invalid:4318/v1/traces");
  unsetenv("http_proxy");
}

}  // namespace
}  // namespace waybill::internal
