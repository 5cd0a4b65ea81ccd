#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/otlp/internal/http_transport.h>
#include <waybill/otlp/internal/test_certificates.h>
#include <waybill/otlp/internal/test_collector.h>

namespace waybill::internal {
namespace {

using testing::HasSubstr;

class HttpTlsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { certificates_ = std::make_unique<TestCertificates>(); }
  static void TearDownTestSuite() { certificates_.reset(); }

  static TestTls server(const std::string& client_ca = {}) {
    return {.certificate_file = certificates_->certificate("server"),
            .key_file = certificates_->key("server"),
            .client_ca_file = client_ca};
  }
  static SignalOptions options_for(const TestCollector& collector) {
    SignalOptions options;
    options.url = collector.url();
    options.is_loopback = true;
    options.use_tls = true;
    options.timeout = std::chrono::seconds(30);
    return options;
  }

  static inline std::unique_ptr<TestCertificates> certificates_;
};

TEST_F(HttpTlsTest, SendsToACollectorThatTheAuthorityVouchesFor) {
  const TestTls tls = server();
  TestCollector collector(0, &tls);
  SignalOptions options = options_for(collector);
  options.ca_file = certificates_->certificate("ca");
  HttpTransport transport(options);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(transport.send("request", Encoding::kProtobuf).outcome, Outcome::kDelivered);
  }
  EXPECT_EQ(collector.requests().at(1).body, "request");
  EXPECT_EQ(collector.connections(), 1U);
}

TEST_F(HttpTlsTest, DoesNotSendToAnybodyElse) {
  const TestTls tls = server();
  TestCollector collector(0, &tls);
  SignalOptions options = options_for(collector);
  options.ca_file = certificates_->certificate("other-ca");
  const Answer answer = HttpTransport(options).send("request", Encoding::kProtobuf);
  EXPECT_EQ(answer.outcome, Outcome::kRetry);
  EXPECT_THAT(answer.reason, HasSubstr("certificate"));
  options.ca_file.clear();  // whom the system trusts
  EXPECT_EQ(HttpTransport(options).send("request", Encoding::kProtobuf).outcome, Outcome::kRetry);
  EXPECT_TRUE(collector.requests().empty());
}

TEST_F(HttpTlsTest, DoesNotSendToAnotherHostThanTheCertificates) {
  const TestTls tls = server();
  TestCollector collector(0, &tls);
  SignalOptions options = options_for(collector);
  options.ca_file = certificates_->certificate("ca");
  options.url = "https://127.0.0.2:" + std::to_string(collector.port()) + "/";
  EXPECT_EQ(HttpTransport(options).send("request", Encoding::kProtobuf).outcome, Outcome::kRetry);
  EXPECT_TRUE(collector.requests().empty());
}

TEST_F(HttpTlsTest, ShowsWhoItIs) {
  const TestTls tls = server(certificates_->certificate("ca"));
  TestCollector collector(0, &tls);
  SignalOptions options = options_for(collector);
  options.ca_file = certificates_->certificate("ca");
  EXPECT_EQ(HttpTransport(options).send("request", Encoding::kProtobuf).outcome, Outcome::kRetry);
  EXPECT_TRUE(collector.requests().empty());
  options.client_certificate_file = certificates_->certificate("client");
  options.client_key_file = certificates_->key("client");
  EXPECT_EQ(HttpTransport(options).send("request", Encoding::kProtobuf).outcome,
            Outcome::kDelivered);
}

}  // namespace
}  // namespace waybill::internal
