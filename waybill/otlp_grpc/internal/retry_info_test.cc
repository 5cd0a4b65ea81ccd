#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

#include <waybill/otlp_grpc/internal/retry_info.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;

std::string details(const std::string& type, std::int64_t seconds, std::int32_t nanos) {
  std::string bytes;
  protozero::pbf_writer status(bytes);
  status.add_int32(1, 14);
  status.add_string(2, "busy");
  {
    protozero::pbf_writer other(status, 3);
    other.add_string(1, "type.googleapis.com/google.rpc.DebugInfo");
    other.add_string(2, "\xff");
  }
  protozero::pbf_writer any(status, 3);
  any.add_string(1, type);
  protozero::pbf_writer retry_info(any, 2);
  protozero::pbf_writer duration(retry_info, 1);
  duration.add_int64(1, seconds);
  duration.add_int32(2, nanos);
  return bytes;
}

constexpr const char* kType = "type.googleapis.com/google.rpc.RetryInfo";

TEST(RetryInfo, SaysHowLongToWait) {
  EXPECT_EQ(parse_retry_info(details(kType, 7, 500'000'000)), 7500ms);
  EXPECT_EQ(parse_retry_info(details(kType, 0, 0)), 0s);
}

TEST(RetryInfo, IsBounded) {
  EXPECT_EQ(parse_retry_info(details(kType, -5, -1)), 0s);
  EXPECT_EQ(parse_retry_info(details(kType, 1'000'000'000'000, 0)), 1h);
}

TEST(RetryInfo, IsNotThereInWhatCannotBeRead) {
  const std::string whole = details(kType, 7, 0);
  EXPECT_EQ(parse_retry_info(""), std::nullopt);
  EXPECT_EQ(parse_retry_info(whole.substr(0, whole.size() - 1)), std::nullopt);
  EXPECT_EQ(parse_retry_info(details("type.googleapis.com/google.rpc.BadRequest", 7, 0)),
            std::nullopt);
}

TEST(GrpcStatus, IsRetryableAsTheSpecificationHasIt) {
  for (const int code : {1, 4, 10, 11, 14, 15}) {
    EXPECT_TRUE(is_retryable_grpc_status(code, false)) << code;
  }
  for (const int code : {2, 3, 5, 6, 7, 9, 12, 13, 16, 99}) {
    EXPECT_FALSE(is_retryable_grpc_status(code, true)) << code;
  }
  EXPECT_FALSE(is_retryable_grpc_status(8, false));
  EXPECT_TRUE(is_retryable_grpc_status(8, true));
}

}  // namespace
}  // namespace waybill::internal
