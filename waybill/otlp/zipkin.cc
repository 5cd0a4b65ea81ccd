#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include <waybill/core/json_escape.h>
#include <waybill/otlp/internal/attribute_text.h>
#include <waybill/otlp/internal/context_attributes.h>
#include <waybill/otlp/internal/zipkin_endpoint.h>
#include <waybill/otlp/zipkin.h>
#include <waybill/trace/wire.h>

namespace waybill {
namespace {

constexpr std::string_view kTraceName = internal::ContextAttributes::kTraceName;
constexpr std::string_view kError = "error";
constexpr std::string_view kStatusCode = "otel.status_code";
constexpr std::string_view kScopeName = "otel.scope.name";
constexpr std::string_view kScopeVersion = "otel.scope.version";
constexpr std::string_view kDroppedAttributes = "otel.dropped_attributes_count";
constexpr std::string_view kDroppedEvents = "otel.dropped_events_count";
constexpr std::string_view kDroppedLinks = "otel.dropped_links_count";

std::string_view name_of(SpanKind kind) noexcept {
  switch (kind) {
    case SpanKind::kServer:
      return "SERVER";
    case SpanKind::kClient:
      return "CLIENT";
    case SpanKind::kProducer:
      return "PRODUCER";
    case SpanKind::kConsumer:
      return "CONSUMER";
    case SpanKind::kInternal:
      break;
  }
  return {};
}

std::uint64_t microseconds(std::chrono::system_clock::time_point time) noexcept {
  return detail::unix_nanoseconds(time) / 1000;
}

// Zipkin takes zero for "not known": what took less than a microsecond took one.
std::uint64_t microseconds(std::chrono::nanoseconds duration) noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count() / 1000, 1));
}

bool says_false(const OwnedAttributeValue& value) {
  return internal::attribute_text(value) == "false";
}

// Members of a JSON object, one after the other.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out), start_(out.size()) {}

  std::string& key(std::string_view name) {
    out_ += out_.size() == start_ ? '{' : ',';
    append_json_string(out_, name);
    out_ += ':';
    return out_;
  }
  void text(std::string_view name, std::string_view text) { append_json_string(key(name), text); }
  void text_if_any(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void number(std::string_view name, std::uint64_t number) { key(name) += std::to_string(number); }
  // Tags are texts.
  void count_if_any(std::string_view name, std::uint64_t count) {
    if (count != 0) text(name, std::to_string(count));
  }
  void close() { out_ += out_.size() == start_ ? "{}" : "}"; }

 private:
  std::string& out_;
  const std::size_t start_;
};

// "name", or "name": {"key": value} where it has attributes.
std::string annotation_of(const SpanEvent& event) {
  if (event.attributes.empty()) return event.name;
  std::string text;
  append_json_string(text, event.name);
  text += ": ";
  JsonObject attributes(text);
  for (const OwnedAttribute& attribute : event.attributes) {
    internal::append_json_value(attributes.key(attribute.key), attribute.value);
  }
  attributes.close();
  return text;
}

void append_annotations(std::string& out, const SpanData& span) {
  char separator = '[';
  for (const SpanEvent& event : span.events) {
    out += separator;
    separator = ',';
    JsonObject annotation(out);
    annotation.number("timestamp", microseconds(event.time));
    annotation.text("value", annotation_of(event));
    annotation.close();
  }
  out += ']';
}

// Whether the span has a tag of this name without the attribute.
bool is_taken(const SpanData& span, std::string_view key) noexcept {
  return (key == kError && span.status == SpanStatus::kError) ||
         (key == kStatusCode && span.status != SpanStatus::kUnset) ||
         (key == kScopeName && !span.scope.name.empty()) ||
         (key == kScopeVersion && !span.scope.version.empty()) ||
         (key == kDroppedAttributes && span.dropped_attributes != 0) ||
         (key == kDroppedEvents && span.dropped_events != 0) ||
         (key == kDroppedLinks && span.dropped_links != 0);
}

void append_tags(std::string& out, const SpanData& span) {
  JsonObject tags(out);
  for (const OwnedAttribute& attribute : span.attributes) {
    // Zipkin takes a span with this tag for one that has failed, whatever it says.
    const bool is_no_error = attribute.key == kError && says_false(attribute.value);
    if (is_taken(span, attribute.key) || is_no_error) continue;
    tags.text(attribute.key, internal::attribute_text(attribute.value));
  }
  if (span.find(kTraceName) == nullptr) tags.text_if_any(kTraceName, span.trace_name);
  tags.text_if_any(kScopeName, span.scope.name);
  tags.text_if_any(kScopeVersion, span.scope.version);
  tags.count_if_any(kDroppedAttributes, span.dropped_attributes);
  tags.count_if_any(kDroppedEvents, span.dropped_events);
  tags.count_if_any(kDroppedLinks, span.dropped_links);
  if (span.status == SpanStatus::kOk) tags.text(kStatusCode, "OK");
  if (span.status == SpanStatus::kError) {
    tags.text(kStatusCode, "ERROR");
    tags.text(kError, span.status_message);
  }
  tags.close();
}

}  // namespace

void append_zipkin_json(std::string& out, const SpanData& span) {
  JsonObject json(out);
  json.text("traceId", span.trace_id.to_hex());
  json.text("id", span.span_id.to_hex());
  if (span.parent_span_id.is_valid()) json.text("parentId", span.parent_span_id.to_hex());
  json.text("name", span.name);
  json.text_if_any("kind", name_of(span.kind));
  json.number("timestamp", microseconds(span.start));
  json.number("duration", microseconds(span.duration()));
  // What OpenTelemetry's SDKs call a service whose name nobody has set.
  const std::string_view service = span.resource.service_name;
  JsonObject local(json.key("localEndpoint"));
  local.text("serviceName", service.empty() ? "unknown_service" : service);
  local.close();
  if (span.kind == SpanKind::kClient || span.kind == SpanKind::kProducer) {
    const std::string remote = internal::zipkin_remote_endpoint(span);
    if (!remote.empty()) json.key("remoteEndpoint") += remote;
  }
  if (!span.events.empty()) append_annotations(json.key("annotations"), span);
  append_tags(json.key("tags"), span);
  json.close();
}

bool ZipkinEncoder::add(const EndedSpan& span) noexcept {
  const std::size_t before = json_.size();
  try {
    json_ += count_ == 0 ? '[' : ',';
    append_zipkin_json(json_, to_span_data(span));
    json_.reserve(json_.size() + 1);  // for the closing bracket
    ++count_;
    return true;
  } catch (...) {  // no memory
    json_.resize(before);
    return false;
  }
}

void ZipkinEncoder::take(WireBuffer& request) noexcept {
  request.clear();
  json_ += count_ == 0 ? "[]" : "]";
  if (char* const at = request.room(json_.size())) {
    request.set_end(at + json_.copy(at, json_.size()));
  }
  clear();
}

void ZipkinEncoder::clear() noexcept {
  json_.clear();
  count_ = 0;
}

}  // namespace waybill
