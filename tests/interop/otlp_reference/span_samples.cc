#include <memory>
#include <string>
#include <vector>

#include <waybill/otlp/span_encoder.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/trace/trace.h>

#include "tests/interop/otlp_reference/random_values.h"
#include "tests/interop/otlp_reference/samples.h"

namespace waybill::test {
namespace {

using nlohmann::json;

class EncodingExporter final : public SpanExporter {
 public:
  void consume(const EndedSpan& span) noexcept override { RC_ASSERT(encoder_.add(span)); }
  void end_of_batch(bool) noexcept override { encoder_.end_of_batch(); }
  std::string take() { return std::string(encoder_.finish()); }

 private:
  SpanEncoder encoder_;
};

int random_size(int most) {
  return *rc::gen::inRange(0, most + 1);
}

Context random_context(Storage& storage) {
  const std::string name = *rc::gen::element<std::string>("", "batch-job-7", "Z\xc3\xbcrich",
                                                          "4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
  const std::string_view state = *rc::gen::element<std::string_view>("", "congo=t61,rojo=00f067aa");
  const std::vector<Field> fields = random_fields(storage);
  return Context::new_trace({.name = name,
                             .flags = TraceFlags(*rc::gen::element<std::uint8_t>(1, 3)),
                             .is_remote = *rc::gen::arbitrary<bool>(),
                             .tracestate = state})
      .with(Fields(fields.data(), fields.size()));
}

json describe_context(const Context& context) {
  return {{"trace_id", context.trace_id().to_hex()},
          {"span_id", context.span_id().to_hex()},
          {"flags", context.flags().byte()},
          {"tracestate", hex_of(context.tracestate())}};
}

class RandomSpan {
 public:
  // Under `parent`, or the first of a trace.
  RandomSpan(const Context& parent, Storage& storage) : storage_(storage) {
    const std::string name = random_text();
    const auto kind = static_cast<SpanKind>(*rc::gen::inRange(1, 6));
    const auto start = random_time();
    const std::string scope = *rc::gen::element<std::string>("", "lib", "lib\xc3\xbc");
    const std::string version = scope.empty() ? "" : *rc::gen::element<std::string>("", "1.2");
    const std::vector<Attribute> attributes = random_attributes(storage);
    std::vector<Link> links;
    json described_links = json::array();
    for (int i = random_size(2); i > 0; --i) {
      const Context& linked = linked_.emplace_back(random_context(storage));
      const std::vector<Attribute>& about = kept_.emplace_back(unique(random_attributes(storage)));
      links.emplace_back(linked, about);
      described_links.push_back(describe_context(linked));
      described_links.back()["attributes"] = describe_all(about);
    }
    const Tracer tracer = scope.empty() ? Tracer() : Tracer(scope, version);
    span_ = tracer.start_span(
        name, attributes, {.kind = kind, .links = links, .parent = &parent, .start_time = start});
    RC_ASSERT(span_.is_recording());
    description_ = describe_context(span_.context());
    description_["parent_span_id"] = id_of(span_.context().parent_span_id());
    description_["has_remote_parent"] = parent.is_remote();
    description_["trace_name"] = hex_of(parent.trace_name());
    description_["fields"] = describe_all(parent.fields());
    description_["attributes"] = describe_all(unique(attributes));
    description_["name"] = hex_of(name);
    description_["kind"] = static_cast<int>(kind);
    description_["start"] = nanoseconds_of(start);
    description_["scope"] = {{"name", hex_of(scope)}, {"version", hex_of(version)}};
    description_["links"] = described_links;
    description_["events"] = json::array();
    start_ = start;
  }

  json end() {
    for (int i = random_size(2); i > 0; --i) add_event();
    const auto status = static_cast<SpanStatus>(random_size(2));
    const std::string message = random_text();
    span_.set_status(status, message);
    description_["status"] = static_cast<int>(status);
    description_["message"] = hex_of(status == SpanStatus::kError ? message : "");
    const auto end = start_ + std::chrono::nanoseconds(*rc::gen::inRange(0, 1'000'000'000));
    span_.end(end);
    description_["end"] = nanoseconds_of(end);
    return description_;
  }

 private:
  void add_event() {
    const std::string name = random_text();
    const auto time = random_time();
    const std::vector<Attribute> attributes = unique(random_attributes(storage_));
    span_.add_event(name, time, attributes);
    description_["events"].push_back({{"name", hex_of(name)},
                                      {"time", nanoseconds_of(time)},
                                      {"attributes", describe_all(attributes)}});
  }

  // Of those with one key, the last.
  static std::vector<Attribute> unique(const std::vector<Attribute>& attributes) {
    std::vector<Attribute> result;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      bool is_last = true;
      for (std::size_t later = i + 1; later < attributes.size(); ++later) {
        is_last = is_last && attributes[later].key != attributes[i].key;
      }
      if (is_last) result.push_back(attributes[i]);
    }
    return result;
  }

  Storage& storage_;
  std::deque<Context> linked_;
  std::deque<std::vector<Attribute>> kept_;
  Span span_;
  json description_;
  std::chrono::system_clock::time_point start_;
};

}  // namespace

Sample random_spans() {
  Storage storage;
  const auto exporter = std::make_shared<EncodingExporter>();
  const Resource resource = random_resource();
  configure_tracing({.service = resource.service_name,
                     .resource_attributes = resource.attributes,
                     .exporters = {exporter}});
  json spans = json::array();
  Context parent;
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
    // Several spans of one context, too.
    if (*rc::gen::inRange(0, 3) != 0) parent = random_context(storage);
    if (*rc::gen::inRange(0, 6) == 0) parent = Context();
    spans.push_back(RandomSpan(parent, storage).end());
  }
  flush();
  Sample sample{
      .description = {{"signal", "traces"}, {"resource", describe(resource)}, {"records", spans}},
      .request = exporter->take()};
  configure_tracing({});
  return sample;
}

}  // namespace waybill::test
