// What tests of whole exporters have in common.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <protozero/pbf_reader.hpp>

#include <waybill/log/log.h>
#include <waybill/log/logging.h>
#include <waybill/otlp/internal/test_collector.h>
#include <waybill/otlp/otlp.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/trace/tracer.h>
#include <waybill/trace/tracing.h>

namespace waybill::internal {

// The messages in the field of this number.
inline std::vector<std::string_view> messages(std::string_view message, std::uint32_t field) {
  std::vector<std::string_view> all;
  protozero::pbf_reader reader(message.data(), message.size());
  while (reader.next(field, protozero::pbf_wire_type::length_delimited)) {
    const auto view = reader.get_view();
    all.emplace_back(view.data(), view.size());
  }
  return all;
}

// Of an ExportTraceServiceRequest: resource_spans, scope_spans, spans.
inline std::size_t spans_in(std::string_view request) {
  std::size_t spans = 0;
  for (const std::string_view resource : messages(request, 1)) {
    for (const std::string_view scope : messages(resource, 2)) spans += messages(scope, 2).size();
  }
  return spans;
}

class ExportersTest : public testing::Test {
 protected:
  ~ExportersTest() override {
    configure_tracing({});
    configure_logging({});
    flush(std::chrono::seconds(30));  // nothing is under way when the collector goes
  }
  OtlpOptions options(OtlpProtocol protocol = OtlpProtocol::kHttpProtobuf) {
    return {.protocol = protocol,
            .endpoint = collector_.url(""),
            .batching = {.delay = std::chrono::hours(1)},
            .environment = false};
  }
  static void trace_to(std::shared_ptr<SpanExporter> exporter) {
    configure_tracing({.service = "weather", .exporters = {std::move(exporter)}});
  }

  TestCollector collector_;
};

}  // namespace waybill::internal
