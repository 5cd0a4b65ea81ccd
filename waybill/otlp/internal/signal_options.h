// SignalOptions: what the exporter of one signal goes by: OtlpOptions and the environment, with
// all defaults filled in and all values checked, once.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/otlp/internal/header_list.h>
#include <waybill/otlp/otlp_options.h>

namespace waybill::internal {

struct SignalOptions {
  OtlpSignal signal = OtlpSignal::kTraces;
  OtlpProtocol protocol = OtlpProtocol::kHttpProtobuf;
  std::string url;  // of HTTP: the whole one; of gRPC: host:port
  bool is_loopback = false;
  bool use_tls = false;
  std::string ca_file;  // these: empty, or readable files
  std::string client_certificate_file;
  std::string client_key_file;
  std::vector<Header> headers;
  OtlpCompression compression = OtlpCompression::kNone;
  std::chrono::milliseconds timeout{10'000};
  OtlpTemporality temporality = OtlpTemporality::kCumulative;
  OtlpHistogramAggregation histogram_aggregation = OtlpHistogramAggregation::kExplicitBuckets;
  std::chrono::milliseconds delay{1'000};
  std::size_t batch_records = 4096;
  std::size_t batch_bytes = 1024 * 1024;
  OtlpRetry retry;
  std::size_t queue_bytes = 0;
  OtlpSpool spool;
};

// Throws Error that names the option, or the variable of the environment.
SignalOptions finalize(OtlpOptions options, OtlpSignal signal);

// "traces", "metrics", "logs"; and what is counted of each.
std::string_view name_of(OtlpSignal signal) noexcept;
std::string_view records_of(OtlpSignal signal) noexcept;

}  // namespace waybill::internal
