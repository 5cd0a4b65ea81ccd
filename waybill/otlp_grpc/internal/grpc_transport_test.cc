#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <protozero/pbf_writer.hpp>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/otlp/exporters.h>
#include <waybill/otlp/internal/test_certificates.h>
#include <waybill/otlp_grpc/internal/grpc_transport.h>
#include <waybill/otlp_grpc/internal/test_grpc_collector.h>
#include <waybill/otlp_grpc/otlp_grpc.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/trace/tracer.h>
#include <waybill/trace/tracing.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class GrpcTransportTest : public testing::Test {
 protected:
  static SignalOptions options_for(const TestGrpcCollector& collector) {
    SignalOptions options;
    options.url = collector.target();
    options.is_loopback = true;
    options.timeout = 30s;
    return options;
  }
  Answer send(std::string_view request = "request") {
    if (transport_ == nullptr) transport_ = std::make_unique<GrpcTransport>(options_);
    return transport_->send(request, Encoding::kProtobuf);
  }

  TestGrpcCollector collector_;
  SignalOptions options_ = options_for(collector_);
  std::unique_ptr<GrpcTransport> transport_;
};

TEST_F(GrpcTransportTest, CallsTheServiceOfTheSignal) {
  options_.headers = {{"API-Key", "s3cret"}};
  for (const auto& [signal, service] : std::map<OtlpSignal, std::string>{
           {OtlpSignal::kTraces, "/opentelemetry.proto.collector.trace.v1.TraceService/Export"},
           {OtlpSignal::kMetrics,
            "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"},
           {OtlpSignal::kLogs, "/opentelemetry.proto.collector.logs.v1.LogsService/Export"}}) {
    options_.signal = signal;
    transport_.reset();
    EXPECT_EQ(send().outcome, Outcome::kDelivered);
    const auto request = collector_.requests().back();
    EXPECT_EQ(request.method, service);
    EXPECT_EQ(request.body, "request");
    EXPECT_EQ(request.metadata.at("api-key"), "s3cret");
    EXPECT_THAT(request.metadata.at("user-agent"), HasSubstr("OTel-OTLP-Exporter-Waybill/"));
  }
}

TEST_F(GrpcTransportTest, Compresses) {
  options_.compression = OtlpCompression::kGzip;
  const std::string text(100'000, 'x');
  EXPECT_EQ(send(text).outcome, Outcome::kDelivered);
  EXPECT_EQ(collector_.requests().at(0).body, text);
  EXPECT_TRUE(collector_.requests().at(0).is_compressed);
  transport_.reset();
  options_.compression = OtlpCompression::kNone;
  send(text);
  EXPECT_FALSE(collector_.requests().at(1).is_compressed);
}

TEST_F(GrpcTransportTest, KnowsWhichStatusMayPass) {
  collector_.reply({.status = {grpc::UNAVAILABLE, "busy"}});
  Answer answer = send();
  EXPECT_EQ(answer.outcome, Outcome::kRetry);
  EXPECT_EQ(answer.retry_after, std::nullopt);
  EXPECT_EQ(answer.reason, "gRPC status 14: busy");
  collector_.reply({.status = {grpc::INVALID_ARGUMENT, "bad"}});
  EXPECT_EQ(send().outcome, Outcome::kRefused);
  collector_.reply({.status = {grpc::RESOURCE_EXHAUSTED, "full"}});
  EXPECT_EQ(send().outcome, Outcome::kRefused);
}

TEST_F(GrpcTransportTest, HearsWhenToComeBack) {
  std::string details;
  {
    protozero::pbf_writer status(details);
    protozero::pbf_writer any(status, 3);
    any.add_string(1, "type.googleapis.com/google.rpc.RetryInfo");
    protozero::pbf_writer retry_info(any, 2);
    protozero::pbf_writer duration(retry_info, 1);
    duration.add_int64(1, 17);
  }
  collector_.reply({.status = {grpc::RESOURCE_EXHAUSTED, "full", details}});
  const Answer answer = send();
  EXPECT_EQ(answer.outcome, Outcome::kRetry);
  EXPECT_EQ(answer.retry_after, 17s);
}

TEST_F(GrpcTransportTest, ReadsPartialSuccess) {
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
}

TEST_F(GrpcTransportTest, ReadsNoResponseWithoutEnd) {
  collector_.reply({.body = std::string(1'000'000, 'x')});
  EXPECT_NE(send().outcome, Outcome::kDelivered);
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
}

TEST_F(GrpcTransportTest, WaitsNoLongerThanTheTimeOut) {
  options_.timeout = 100ms;
  collector_.reply({.never = true});
  EXPECT_EQ(send().outcome, Outcome::kRetry);
}

TEST_F(GrpcTransportTest, MayTryAgainWhenNobodyListens) {
  options_.url = "127.0.0.1:1";
  const Answer answer = send();
  EXPECT_EQ(answer.outcome, Outcome::kRetry);
  EXPECT_THAT(answer.reason, HasSubstr("gRPC status 14"));
}

// One connection is all there is: an attempt that is given up is not made again.
TEST_F(GrpcTransportTest, ConnectsOverASlowLine) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener, generic, size) + ::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, generic, &size), 0);
  options_.url = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  std::thread line([&] {
    const int connection = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    std::this_thread::sleep_for(1500ms);
    collector_.serve(connection);
  });
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
  line.join();
  ::close(listener);
}

TEST_F(GrpcTransportTest, IsStoppedByAnotherThread) {
  collector_.reply({.never = true});
  GrpcTransport transport(options_);
  std::thread other([&] {
    while (collector_.requests().empty()) std::this_thread::yield();
    transport.abort();
  });
  EXPECT_EQ(transport.send("request", Encoding::kProtobuf).outcome, Outcome::kAborted);
  EXPECT_EQ(transport.send("request", Encoding::kProtobuf).outcome, Outcome::kAborted);
  other.join();
}

TEST_F(GrpcTransportTest, CarriesNoJson) {
  GrpcTransport transport(options_);
  EXPECT_TRUE(transport.carries(Encoding::kProtobuf));
  EXPECT_FALSE(transport.carries(Encoding::kJson));
  EXPECT_EQ(transport.send("{}", Encoding::kJson).outcome, Outcome::kRefused);
}

// gRPC would hang there.
TEST_F(GrpcTransportTest, IsNotUsedInTheChildOfAFork) {
  EXPECT_EQ(send().outcome, Outcome::kDelivered);
  transport_->after_fork_in_child();
  EXPECT_FALSE(transport_->carries(Encoding::kProtobuf));
  EXPECT_EQ(send().outcome, Outcome::kRefused);
}

TEST(GrpcTls, SendsToACollectorThatTheAuthorityVouchesForAndShowsWhoItIs) {
  const TestCertificates certificates;
  grpc::SslServerCredentialsOptions server(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  server.pem_root_certs = content_of(certificates.certificate("ca"));
  server.pem_key_cert_pairs.push_back(
      {content_of(certificates.key("server")), content_of(certificates.certificate("server"))});
  TestGrpcCollector collector(grpc::SslServerCredentials(server));
  SignalOptions options;
  options.url = collector.target();
  options.is_loopback = true;
  options.use_tls = true;
  options.timeout = 5s;
  const auto outcome = [&] {
    return GrpcTransport(options).send("request", Encoding::kProtobuf).outcome;
  };
  options.client_certificate_file = certificates.certificate("client");
  options.client_key_file = certificates.key("client");
  options.ca_file = certificates.certificate("other-ca");
  EXPECT_EQ(outcome(), Outcome::kRetry);
  options.ca_file = certificates.certificate("ca");
  EXPECT_EQ(outcome(), Outcome::kDelivered);
  options.client_certificate_file.clear();
  options.client_key_file.clear();
  EXPECT_EQ(outcome(), Outcome::kRetry);
  EXPECT_EQ(collector.requests().size(), 1U);
}

TEST(OtlpGrpc, ExportsSpans) {
  TestGrpcCollector collector;
  enable_otlp_grpc();
  configure_tracing({.exporters = {otlp_span_exporter({.protocol = OtlpProtocol::kGrpc,
                                                       .endpoint = "http://" + collector.target(),
                                                       .environment = false})}});
  { auto span = waybill::span("fetch"); }
  EXPECT_TRUE(flush(30s));
  configure_tracing({});
  ASSERT_EQ(collector.requests().size(), 1U);
  EXPECT_THAT(collector.requests()[0].body, HasSubstr("fetch"));
}

}  // namespace
}  // namespace waybill::internal
