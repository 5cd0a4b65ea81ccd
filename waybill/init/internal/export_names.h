// The names that exporters, and what they are told, have in files and variables.
#pragma once

#include <optional>

#include <waybill/init/init_export_options.h>
#include <waybill/init/init_options.h>
#include <waybill/init/internal/setting_value.h>

namespace waybill::internal {

// Without a value: "none".
template <class Name>
using ExporterChoice = SettingValue::Choice<std::optional<Name>>;

inline constexpr ExporterChoice<SpanExporterName> kSpanExporters[] = {
    {"otlp", SpanExporterName::kOtlp},
    {"console", SpanExporterName::kConsole},
    {"otlp/stdout", SpanExporterName::kConsole},
    {"zipkin", SpanExporterName::kZipkin},
    {"none", std::nullopt}};

inline constexpr ExporterChoice<MetricExporterName> kMetricExporters[] = {
    {"otlp", MetricExporterName::kOtlp},
    {"console", MetricExporterName::kConsole},
    {"otlp/stdout", MetricExporterName::kConsole},
    {"prometheus", MetricExporterName::kPrometheus},
    {"none", std::nullopt}};

inline constexpr ExporterChoice<LogExporterName> kLogExporters[] = {
    {"otlp", LogExporterName::kOtlp},
    {"console", LogExporterName::kConsole},
    {"otlp/stdout", LogExporterName::kConsole},
    {"none", std::nullopt}};

inline constexpr SettingValue::Choice<ExemplarFilter> kExemplarFilters[] = {
    {"trace_based", ExemplarFilter::kTraceBased},
    {"always_on", ExemplarFilter::kAlwaysOn},
    {"always_off", ExemplarFilter::kAlwaysOff}};

inline constexpr SettingValue::Choice<OtlpProtocol> kOtlpProtocols[] = {
    {"http/protobuf", OtlpProtocol::kHttpProtobuf},
    {"http/json", OtlpProtocol::kHttpJson},
    {"grpc", OtlpProtocol::kGrpc}};

inline constexpr SettingValue::Choice<OtlpCompression> kOtlpCompressions[] = {
    {"none", OtlpCompression::kNone}, {"gzip", OtlpCompression::kGzip}};

inline constexpr SettingValue::Choice<OtlpTemporality> kOtlpTemporalities[] = {
    {"cumulative", OtlpTemporality::kCumulative},
    {"delta", OtlpTemporality::kDelta},
    {"lowmemory", OtlpTemporality::kLowMemory}};

inline constexpr SettingValue::Choice<OtlpHistogramAggregation> kOtlpHistogramAggregations[] = {
    {"explicit_bucket_histogram", OtlpHistogramAggregation::kExplicitBuckets},
    {"base2_exponential_bucket_histogram", OtlpHistogramAggregation::kBase2Exponential}};

// A list of such names, or one text with commas.
template <class Name, std::size_t kCount>
std::vector<Name> exporters_of(const SettingValue& value,
                               const ExporterChoice<Name> (&choices)[kCount]) {
  std::vector<Name> exporters;
  for (const std::string& name : value.names()) {
    const SettingValue one(value.option(), value.place(), SettingValue::Untyped{name});
    if (const std::optional<Name> exporter = one.one_of(choices)) exporters.push_back(*exporter);
  }
  return exporters;
}

}  // namespace waybill::internal
