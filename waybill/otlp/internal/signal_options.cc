#include <filesystem>
#include <utility>

#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/otlp/environment.h>
#include <waybill/otlp/internal/endpoint.h>
#include <waybill/otlp/internal/signal_options.h>

namespace waybill::internal {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostBatchBytes = std::size_t{16} << 20;  // receivers take 20 MiB or less
constexpr std::size_t kLeastQueue = std::size_t{64} << 10;

milliseconds checked(std::string_view option, milliseconds value, milliseconds least) {
  if (value >= least && value <= std::chrono::hours(366 * 24)) return value;
  throw Error::bad_option(option, std::to_string(value.count()) + "ms",
                          std::to_string(least.count()) + "ms to 366 days");
}

std::size_t checked(std::string_view option, std::size_t value, std::size_t least,
                    std::size_t most) {
  if (value >= least && value <= most) return value;
  throw Error::bad_option(option, std::to_string(value),
                          std::to_string(least) + " to " + std::to_string(most));
}

std::string readable_file(std::string_view option, const std::optional<std::string>& path) {
  if (!path || path->empty()) return {};
  const std::string absolute = std::filesystem::absolute(*path).string();
  std::error_code ignored;
  if (std::filesystem::is_directory(absolute, ignored) || ::access(absolute.c_str(), R_OK) != 0) {
    throw Error::bad_option(option, *path, "a file that can be read");
  }
  return absolute;
}

void set_tls(SignalOptions& result, const OtlpTls& tls) {
  result.ca_file = readable_file("tls.ca_file", tls.ca_file);
  result.client_certificate_file =
      readable_file("tls.client_certificate_file", tls.client_certificate_file);
  result.client_key_file = readable_file("tls.client_key_file", tls.client_key_file);
  if (result.client_certificate_file.empty() == result.client_key_file.empty()) return;
  const bool has_key = result.client_certificate_file.empty();
  throw Error::bad_option(
      has_key ? "tls.client_key_file" : "tls.client_certificate_file",
      has_key ? result.client_key_file : result.client_certificate_file,
      has_key ? "client_certificate_file beside it" : "client_key_file beside it");
}

void set_endpoint(SignalOptions& result, const OtlpOptions& options) {
  const auto& own = result.signal == OtlpSignal::kTraces    ? options.traces_endpoint
                    : result.signal == OtlpSignal::kMetrics ? options.metrics_endpoint
                                                            : options.logs_endpoint;
  const bool is_grpc = result.protocol == OtlpProtocol::kGrpc;
  const std::string fallback = is_grpc ? "http://localhost:4317" : "http://localhost:4318";
  const std::string option =
      own ? std::string(name_of(result.signal)) + "_endpoint" : std::string("endpoint");
  const std::string text = own ? *own : options.endpoint.value_or(fallback);
  const Endpoint endpoint = is_grpc
                                ? grpc_endpoint(option, text, options.tls.insecure.value_or(false))
                                : http_endpoint(option, text);
  result.url = endpoint.url;
  if (!is_grpc && !own) {
    if (result.url.back() != '/') result.url += '/';
    result.url += "v1/" + std::string(name_of(result.signal));
  }
  result.is_loopback = endpoint.is_loopback;
  result.use_tls = endpoint.use_tls;
}

}  // namespace

SignalOptions finalize(OtlpOptions options, OtlpSignal signal) {
  if (options.environment) options = with_environment(std::move(options), signal);
  SignalOptions result;
  result.signal = signal;
  result.protocol = options.protocol.value_or(result.protocol);
  set_endpoint(result, options);
  set_tls(result, options.tls);
  for (const Header& header : options.headers) check_header("headers", header);
  result.headers = std::move(options.headers);
  result.compression = options.compression.value_or(result.compression);
  result.timeout = checked("timeout", options.timeout.value_or(result.timeout), milliseconds(1));
  result.temporality = options.temporality.value_or(result.temporality);
  result.histogram_aggregation =
      options.histogram_aggregation.value_or(result.histogram_aggregation);
  result.delay =
      checked("batching.delay", options.batching.delay.value_or(result.delay), milliseconds(0));
  result.batch_records =
      checked("batching.records", options.batching.records.value_or(result.batch_records), 1,
              std::size_t{1} << 30);
  result.batch_bytes = checked("batching.bytes", options.batching.bytes, 1, kMostBatchBytes);
  result.retry = options.retry;
  checked("retry.first", result.retry.first, milliseconds(1));
  checked("retry.longest", result.retry.longest, result.retry.first);
  checked("retry.give_up_after", result.retry.give_up_after, milliseconds(0));
  result.queue_bytes =
      checked("queue_bytes", options.queue_bytes, kLeastQueue, std::size_t{1} << 40);
  result.spool = std::move(options.spool);
  if (!result.spool.folder.empty()) {
    result.spool.folder = std::filesystem::absolute(result.spool.folder).string();
    checked("spool.bytes_limit", result.spool.bytes_limit, kLeastQueue, std::size_t{1} << 50);
  }
  return result;
}

std::string_view name_of(OtlpSignal signal) noexcept {
  switch (signal) {
    case OtlpSignal::kTraces:
      return "traces";
    case OtlpSignal::kMetrics:
      return "metrics";
    case OtlpSignal::kLogs:
      break;
  }
  return "logs";
}

std::string_view records_of(OtlpSignal signal) noexcept {
  switch (signal) {
    case OtlpSignal::kTraces:
      return "spans";
    case OtlpSignal::kMetrics:
      return "metric points";
    case OtlpSignal::kLogs:
      break;
  }
  return "log records";
}

}  // namespace waybill::internal
