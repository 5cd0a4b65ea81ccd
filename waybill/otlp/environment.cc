#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <waybill/core/ascii.h>
#include <waybill/core/error.h>
#include <waybill/otlp/environment.h>
#include <waybill/otlp/internal/header_list.h>

namespace waybill {
namespace {

using std::chrono::milliseconds;

struct Variable {
  std::string name;
  std::string value;
};

class Reader {
 public:
  Reader(const OtlpEnvironment& environment, std::string_view signal)
      : environment_(environment), signal_(signal) {}

  std::optional<Variable> find(std::string name) const {
    const char* value = environment_(name.c_str());
    if (value == nullptr || *value == '\0') return std::nullopt;
    return Variable{std::move(name), value};
  }

  // The exporter's variable, of the signal or else of all.
  std::optional<Variable> find_otlp(std::string_view option) const {
    if (auto own = find_own(option)) return own;
    return find_general(option);
  }
  std::optional<Variable> find_own(std::string_view option) const {
    return find("OTEL_EXPORTER_OTLP_" + std::string(signal_) + '_' + std::string(option));
  }
  std::optional<Variable> find_general(std::string_view option) const {
    return find("OTEL_EXPORTER_OTLP_" + std::string(option));
  }

 private:
  const OtlpEnvironment& environment_;
  std::string_view signal_;
};

template <class Number>
Number number_of(const Variable& variable, Number least, std::string_view expected) {
  Number number = 0;
  const char* end = variable.value.data() + variable.value.size();
  const auto [stop, error] = std::from_chars(variable.value.data(), end, number);
  if (error == std::errc() && stop == end && number >= least) return number;
  throw Error::bad_option(variable.name, variable.value, expected);
}

// A year: what is beyond is a mistake, and would overflow further on.
constexpr std::int64_t kMostMilliseconds = 366LL * 24 * 3600 * 1000;

milliseconds time_of(const Variable& variable, std::int64_t least) {
  const char* const expected = least == 0 ? "milliseconds, 0 or more, at most a year"
                                          : "milliseconds, more than 0, at most a year";
  const auto number = number_of<std::int64_t>(variable, least, expected);
  if (number > kMostMilliseconds) throw Error::bad_option(variable.name, variable.value, expected);
  return milliseconds(number);
}

template <class Value, std::size_t kSize>
Value choice_of(const Variable& variable,
                const std::array<std::pair<std::string_view, Value>, kSize>& choices) {
  std::string expected;
  for (const auto& [name, value] : choices) {
    if (ascii::same_ignoring_case(name, variable.value)) return value;
    expected += (expected.empty() ? "" : ", ") + std::string(name);
  }
  throw Error::bad_option(variable.name, variable.value, "one of " + expected);
}

constexpr std::array<std::pair<std::string_view, OtlpProtocol>, 3> kProtocols = {{
    {"http/protobuf", OtlpProtocol::kHttpProtobuf},
    {"http/json", OtlpProtocol::kHttpJson},
    {"grpc", OtlpProtocol::kGrpc},
}};
constexpr std::array<std::pair<std::string_view, OtlpCompression>, 2> kCompressions = {{
    {"none", OtlpCompression::kNone},
    {"gzip", OtlpCompression::kGzip},
}};
constexpr std::array<std::pair<std::string_view, OtlpTemporality>, 3> kTemporalities = {{
    {"cumulative", OtlpTemporality::kCumulative},
    {"delta", OtlpTemporality::kDelta},
    {"lowmemory", OtlpTemporality::kLowMemory},
}};
constexpr std::array<std::pair<std::string_view, bool>, 2> kBooleans = {{
    {"true", true},
    {"false", false},
}};
constexpr std::array<std::pair<std::string_view, OtlpHistogramAggregation>, 2> kHistograms = {{
    {"explicit_bucket_histogram", OtlpHistogramAggregation::kExplicitBuckets},
    {"base2_exponential_bucket_histogram", OtlpHistogramAggregation::kBase2Exponential},
}};

// Sets what is not set, if the variable is.
template <class Value, class Read>
void fill(std::optional<Value>& option, const std::optional<Variable>& variable, Read read) {
  if (!option && variable) option = read(*variable);
}

std::string text_of(const Variable& variable) {
  return variable.value;
}

void fill_endpoint(OtlpOptions& options, OtlpSignal signal, const Reader& reader) {
  std::optional<std::string>& own = signal == OtlpSignal::kTraces    ? options.traces_endpoint
                                    : signal == OtlpSignal::kMetrics ? options.metrics_endpoint
                                                                     : options.logs_endpoint;
  if (own || options.endpoint) return;
  fill(own, reader.find_own("ENDPOINT"), text_of);
  if (!own) fill(options.endpoint, reader.find_general("ENDPOINT"), text_of);
}

void add_headers(OtlpOptions& options, const Reader& reader) {
  const auto variable = reader.find_otlp("HEADERS");
  if (!variable) return;
  for (auto& header : internal::parse_header_list(variable->name, variable->value)) {
    const bool known = std::any_of(
        options.headers.begin(), options.headers.end(),
        [&](const auto& given) { return ascii::same_ignoring_case(given.first, header.first); });
    if (!known) options.headers.push_back(std::move(header));
  }
}

void fill_batching(OtlpOptions& options, OtlpSignal signal, const Reader& reader) {
  if (signal == OtlpSignal::kMetrics) return;
  const std::string processor = signal == OtlpSignal::kTraces ? "OTEL_BSP_" : "OTEL_BLRP_";
  fill(options.batching.delay, reader.find(processor + "SCHEDULE_DELAY"),
       [](const Variable& variable) { return time_of(variable, 0); });
  fill(options.batching.records, reader.find(processor + "MAX_EXPORT_BATCH_SIZE"),
       [](const Variable& variable) {
         return number_of<std::size_t>(variable, 1, "a number of records, 1 or more");
       });
}

const char* process_environment(const char* name) {
  return std::getenv(name);
}

}  // namespace

OtlpOptions with_environment(OtlpOptions options, OtlpSignal signal) {
  return with_environment(std::move(options), signal, process_environment);
}

OtlpOptions with_environment(OtlpOptions options, OtlpSignal signal,
                             const OtlpEnvironment& environment) {
  const Reader reader(environment, signal == OtlpSignal::kTraces    ? "TRACES"
                                   : signal == OtlpSignal::kMetrics ? "METRICS"
                                                                    : "LOGS");
  fill(options.protocol, reader.find_otlp("PROTOCOL"),
       [](const Variable& variable) { return choice_of(variable, kProtocols); });
  fill(options.compression, reader.find_otlp("COMPRESSION"),
       [](const Variable& variable) { return choice_of(variable, kCompressions); });
  fill(options.timeout, reader.find_otlp("TIMEOUT"),
       [](const Variable& variable) { return time_of(variable, 1); });
  fill(options.tls.ca_file, reader.find_otlp("CERTIFICATE"), text_of);
  fill(options.tls.client_key_file, reader.find_otlp("CLIENT_KEY"), text_of);
  fill(options.tls.client_certificate_file, reader.find_otlp("CLIENT_CERTIFICATE"), text_of);
  fill(options.tls.insecure, reader.find_otlp("INSECURE"),
       [](const Variable& variable) { return choice_of(variable, kBooleans); });
  if (signal == OtlpSignal::kMetrics) {
    fill(options.temporality, reader.find_own("TEMPORALITY_PREFERENCE"),
         [](const Variable& variable) { return choice_of(variable, kTemporalities); });
    fill(options.histogram_aggregation, reader.find_own("DEFAULT_HISTOGRAM_AGGREGATION"),
         [](const Variable& variable) { return choice_of(variable, kHistograms); });
  }
  fill_endpoint(options, signal, reader);
  add_headers(options, reader);
  fill_batching(options, signal, reader);
  return options;
}

MetricReaderSettings metric_reader_settings_of_environment() {
  return metric_reader_settings_of_environment(process_environment);
}

MetricReaderSettings metric_reader_settings_of_environment(const OtlpEnvironment& environment) {
  const Reader reader(environment, "METRICS");
  const auto time = [](const Variable& variable) { return time_of(variable, 1); };
  MetricReaderSettings settings;
  fill(settings.interval, reader.find("OTEL_METRIC_EXPORT_INTERVAL"), time);
  fill(settings.timeout, reader.find("OTEL_METRIC_EXPORT_TIMEOUT"), time);
  return settings;
}

}  // namespace waybill
