#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include <waybill/trace/trace.h>

#include "tests/interop/telemetry/recorded.h"

namespace waybill::telemetry_peer {
namespace {

using nlohmann::json;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""ns;
using Time = std::chrono::system_clock::time_point;

// SpanFlags of OTLP.
constexpr unsigned kHasIsRemote = 0x100;
constexpr unsigned kIsRemote = 0x200;

constexpr Time kStart{std::chrono::nanoseconds(1'700'000'000'123'456'789)};
constexpr Time kEnd = kStart + 15ms + 1ns;

const Tracer& tracer() {
  static const Tracer tracer(kLibrary, kVersion);
  return tracer;
}

// What follows from the span's place in its trace.
json begun(const Span& span, const char* name, SpanKind kind, unsigned flags = kHasIsRemote) {
  const Context context = span.context();
  json said = {{"traceId", context.trace_id().to_hex()},
               {"spanId", context.span_id().to_hex()},
               {"flags", flags | context.flags().byte()},
               {"name", name},
               {"kind", static_cast<int>(kind)},
               {"startTimeUnixNano", nanoseconds(kStart)},
               {"endTimeUnixNano", nanoseconds(kEnd)},
               {"scope", {{"name", kLibrary}, {"version", kVersion}}}};
  if (context.parent_span_id().is_valid()) {
    said["parentSpanId"] = context.parent_span_id().to_hex();
  }
  if (!context.tracestate().empty()) said["traceState"] = context.tracestate();
  return said;
}

// The local root of another's trace: values of all types, and the fields of the context.
Span record_request(json& spans) {
  const Context parent = remote_trace().with({{"job_id", "job 7"}, {"attempt", 3}});
  Span span = tracer().start_span(
      "GET /wetter/{ort} – Zürich", {{"http.route", "/wetter/{ort}"}, {"empty", ""}},
      {.kind = SpanKind::kServer, .parent = &parent, .start_time = kStart});
  span.set("least", std::numeric_limits<std::int64_t>::min());
  span.set("most", std::numeric_limits<std::uint64_t>::max());
  span.set("zero", 0);
  span.set("temperature", -0.1);
  span.set("infinite", std::numeric_limits<double>::infinity());
  span.set("cached", false);
  span.set("cities", std::vector<std::string>{"Zürich", "", "東京"});
  span.set("codes", std::vector<std::int64_t>{8001, -1, 0});
  span.set("shares", std::vector<double>{0.25, 0.75});
  const bool flags[] = {true, false};
  span.set("flags", std::span<const bool>(flags));
  span.set("text", std::string("\"quotes\" \\ \n\t\x01 end"));
  span.set_status(SpanStatus::kOk);
  json said =
      begun(span, "GET /wetter/{ort} – Zürich", SpanKind::kServer, kHasIsRemote | kIsRemote);
  said["attributes"] = {{"job_id", text("job 7")},
                        {"attempt", integer(3)},
                        {"http.route", text("/wetter/{ort}")},
                        {"empty", text("")},
                        {"least", integer(std::numeric_limits<std::int64_t>::min())},
                        {"most", text("18446744073709551615")},
                        {"zero", integer(0)},
                        {"temperature", number(-0.1)},
                        {"infinite", {{"doubleValue", "Infinity"}}},
                        {"cached", truth(false)},
                        {"cities", list({text("Zürich"), text(""), text("東京")})},
                        {"codes", list({integer(8001), integer(-1), integer(0)})},
                        {"shares", list({number(0.25), number(0.75)})},
                        {"flags", list({truth(true), truth(false)})},
                        {"text", text("\"quotes\" \\ \n\t\x01 end")}};
  said["status"] = {{"code", 1}};
  spans.push_back(said);
  return span;
}

// Its child: what happened, what it has to do with, and how it failed.
void record_call(json& spans, const Context& parent) {
  const Context other =
      Context::new_trace({.flags = TraceFlags(3), .tracestate = "congo=ucfJifl5GOE"});
  const Link links[] = {Link(other)};
  Span span = tracer().start_span(
      "ask the station", {}, {.kind = SpanKind::kClient, .parent = &parent, .start_time = kStart});
  const Attribute about[] = {{"attempt", 2}, {"station", "Fluntern"}};
  span.add_event("retry", kStart + 5ms, about);
  span.add_event("gave up", kStart + 7ms);
  span.record_exception(std::runtime_error("no answer"));
  span.set_error("no answer from the station");
  const Attribute why[] = {{"why", "the attempt before"}};
  span.add_link(Link(parent, why));
  span.add_link(links[0]);
  json said = begun(span, "ask the station", SpanKind::kClient);
  // The fields of the context are those of the parent's.
  said["attributes"] = {{"job_id", text("job 7")}, {"attempt", integer(3)}};
  said["events"] = {{{"name", "retry"},
                     {"timeUnixNano", nanoseconds(kStart + 5ms)},
                     {"attributes", {{"attempt", integer(2)}, {"station", text("Fluntern")}}}},
                    {{"name", "gave up"}, {"timeUnixNano", nanoseconds(kStart + 7ms)}},
                    {{"name", "exception"},
                     {"timeUnixNano", "*"},
                     {"attributes",
                      {{"exception.type", text("std::runtime_error")},
                       {"exception.message", text("no answer")}}}}};
  said["links"] = {{{"traceId", parent.trace_id().to_hex()},
                    {"spanId", parent.span_id().to_hex()},
                    {"flags", unsigned{parent.flags().byte()}},
                    {"traceState", parent.tracestate()},
                    {"attributes", {{"why", text("the attempt before")}}}},
                   {{"traceId", other.trace_id().to_hex()},
                    {"spanId", other.span_id().to_hex()},
                    {"flags", unsigned{other.flags().byte()}},
                    {"traceState", "congo=ucfJifl5GOE"}}};
  said["status"] = {{"code", 2}, {"message", "no answer from the station"}};
  spans.push_back(said);
  span.end(kEnd);
}

// Of a trace with a name; more attributes than there may be; bytes that are not UTF-8.
void record_crowded(json& spans) {
  constexpr int kLimit = 128;
  const Context parent = Context::new_trace({.name = "batch-job-2025-10-21"});
  Span span = tracer().start_span(
      "crowd", {}, {.kind = SpanKind::kProducer, .parent = &parent, .start_time = kStart});
  json said = begun(span, "crowd", SpanKind::kProducer);
  said["attributes"] = {{"waybill.trace_name", text("batch-job-2025-10-21")}};
  for (int i = 0; i < kLimit + 2; ++i) {
    const std::string key = "key " + std::to_string(i);
    const std::string value = i == 0 ? "caf\xe9" : key;
    span.set(key, value);
    if (i < kLimit) said["attributes"][key] = text(i == 0 ? "caf\uFFFD" : key);
  }
  for (int i = 0; i < kLimit + 3; ++i) {
    const std::string name = std::to_string(i);
    span.add_event(name, kStart);
    if (i < kLimit) {
      said["events"].push_back({{"name", name}, {"timeUnixNano", nanoseconds(kStart)}});
    }
  }
  said["droppedAttributesCount"] = 2;
  said["droppedEventsCount"] = 3;
  spans.push_back(said);
  span.end(kEnd);
}

// The first of a trace, of no library's.
void record_root(json& spans) {
  Span span = start_span("begin", {}, {.kind = SpanKind::kConsumer, .start_time = kStart});
  json said = begun(span, "begin", SpanKind::kConsumer);
  said.erase("scope");
  spans.push_back(said);
  span.end(kEnd);
}

void record_what_is_not_sampled() {
  const Context parent = Context::new_trace({.flags = TraceFlags(0), .is_remote = true});
  tracer().start_span("not sampled", {}, {.parent = &parent});
}

}  // namespace

json record_spans() {
  json spans = json::array();
  Span request = record_request(spans);
  record_call(spans, request.context());
  request.end(kEnd);
  record_crowded(spans);
  record_root(spans);
  record_what_is_not_sampled();
  return spans;
}

}  // namespace waybill::telemetry_peer
