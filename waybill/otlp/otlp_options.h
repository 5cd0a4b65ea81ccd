// OtlpOptions: where an OTLP exporter sends to, and how.
//
//   waybill::otlp_span_exporter({.endpoint = "https://collector.example.com:4318",
//                                .headers = {{"authorization", "Bearer " + token}},
//                                .compression = waybill::OtlpCompression::kGzip,
//                                .spool = {.folder = "/var/spool/weather"}});
//
// What is left unset is taken from the variables of the environment that OpenTelemetry defines
// (environment.h), and then from the defaults that stand here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waybill {

enum class OtlpSignal : std::uint8_t { kTraces, kMetrics, kLogs };

enum class OtlpProtocol : std::uint8_t {
  kHttpProtobuf,
  kHttpJson,
  kGrpc,  // needs room otlp_grpc: see otlp_grpc.h
};

enum class OtlpCompression : std::uint8_t { kNone, kGzip };

// How counts and histograms are told: since the start, or since the time before. kLowMemory is
// kDelta for what needs no memory of the value before.
enum class OtlpTemporality : std::uint8_t { kCumulative, kDelta, kLowMemory };

// What histograms are whose makers have left the choice (HistogramOptions::bounds).
enum class OtlpHistogramAggregation : std::uint8_t { kExplicitBuckets, kBase2Exponential };

// Files in PEM. With http:// in the endpoint none of them is used.
struct OtlpTls {
  // Who is trusted to vouch for the collector. Default: whom the system trusts.
  std::optional<std::string> ca_file = std::nullopt;
  // Who we are; both or neither.
  std::optional<std::string> client_certificate_file = std::nullopt;
  std::optional<std::string> client_key_file = std::nullopt;
  // gRPC alone, and endpoints without a scheme: no TLS. Default: false.
  std::optional<bool> insecure = std::nullopt;
};

// A batch that could not be sent, for a reason that may pass, is sent again after a random time
// between nothing and a limit, which begins with `first` and doubles up to `longest`; or after the
// time that the collector asks for, an hour at most.
struct OtlpRetry {
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds longest{30'000};
  // A batch that is older is given up. Zero: none is, as long as there is room to keep it.
  std::chrono::milliseconds give_up_after{0};
};

// A batch is sent when one of these is reached, and when somebody flushes.
struct OtlpBatching {
  std::optional<std::chrono::milliseconds> delay = std::nullopt;  // default: one second
  std::optional<std::size_t> records = std::nullopt;              // default: 4096
  std::size_t bytes = 1024 * 1024;  // before compression; at most 16 MiB
};

// Batches that cannot be sent for now, on disk: one file each. They are sent in their order when
// the collector is back, those of earlier runs of the program too. Several processes may share a
// folder, if they send to the same collector; one of them at a time sends what is there.
struct OtlpSpool {
  std::string folder = {};  // made with its parents; empty: no spool
  // Of the files of one signal. Beyond it the oldest file is removed, and what it held is lost.
  std::uint64_t bytes_limit = 1024 * 1024 * 1024;
};

struct OtlpOptions {
  std::optional<OtlpProtocol> protocol = std::nullopt;  // default: kHttpProtobuf

  // Of the collector, for all signals: over HTTP, "/v1/traces", "/v1/metrics" or "/v1/logs" is
  // added. Default: http://localhost:4318, and for gRPC http://localhost:4317.
  std::optional<std::string> endpoint = std::nullopt;
  // Of one signal: used as it is.
  std::optional<std::string> traces_endpoint = std::nullopt;
  std::optional<std::string> metrics_endpoint = std::nullopt;
  std::optional<std::string> logs_endpoint = std::nullopt;

  // Sent with each request; those of the environment too, where the name is another.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<OtlpCompression> compression = std::nullopt;        // default: kNone
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;  // of a request; default: 10 s
  OtlpTls tls = {};
  std::optional<OtlpTemporality> temporality = std::nullopt;  // default: kCumulative
  // Default: kExplicitBuckets. Holds from configure_metrics() on: see metering.h.
  std::optional<OtlpHistogramAggregation> histogram_aggregation = std::nullopt;

  OtlpBatching batching = {};
  OtlpRetry retry = {};
  // What may wait in memory to be sent. Beyond it the newest batch is lost. At least 64 KiB.
  std::size_t queue_bytes = 64 * 1024 * 1024;
  OtlpSpool spool = {};

  // Whether what is unset is looked for in the environment.
  bool environment = true;
};

}  // namespace waybill
