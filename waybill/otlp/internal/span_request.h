// For tests: what SpanEncoder has made of spans.
#pragma once

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/otlp/internal/request_json.h>
#include <waybill/otlp/internal/sample_span.h>
#include <waybill/otlp/span_encoder.h>

namespace waybill::test {

inline nlohmann::json request_of(SpanEncoder& encoder) {
  return json_of(OtlpSignal::kTraces, encoder.finish());
}

// Those of the first resource and scope.
inline nlohmann::json spans_of(SpanEncoder& encoder) {
  return request_of(encoder).at("/resourceSpans/0/scopeSpans/0/spans"_json_pointer);
}

inline nlohmann::json encoded(const SampleSpan& span) {
  SpanEncoder encoder;
  EXPECT_TRUE(encoder.add(span.ended()));
  return spans_of(encoder).at(0);
}

// The value of an attribute.
inline nlohmann::json text(const std::string& value) {
  return {{"stringValue", value}};
}

}  // namespace waybill::test
