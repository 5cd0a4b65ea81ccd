#include <optional>

#include <waybill/core/json_escape.h>
#include <waybill/propagation/internal/json_scan.h>
#include <waybill/propagation/internal/json_unescape.h>
#include <waybill/propagation/internal/readers.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/internal/trace_fields.h>
#include <waybill/propagation/internal/trace_member.h>
#include <waybill/propagation/traceparent.h>
#include <waybill/propagation/x_trace_id.h>

namespace waybill::internal {
namespace {

// `"name":"text",`
void append_text(std::string& out, std::string_view name, std::string_view text) {
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
  out += ',';
}

// Ends an object whose members have each left a comma.
void close_object(std::string& out) {
  if (out.back() == ',') out.pop_back();
  out += '}';
}

// A text that may have been unescaped. Empty for what is absent or no string.
struct Text {
  std::string_view view;
  std::string storage;

  void read(const JsonMember& member) {
    view = member.is_string() ? unescape_json(member.string(), storage) : std::string_view{};
  }
};

// The members of `_trace`, of each the last. Not to be moved: texts may refer to themselves.
struct Members {
  explicit Members(std::string_view json) {
    JsonObjectReader reader(json, 1);
    JsonMember member;
    Text key;
    while (reader.next(&member)) {
      key.view = unescape_json(member.key, key.storage);
      if (Text* text = text_for(key.view)) {
        text->read(member);
        has_ids |= text != &tracestate && text != &baggage;
      } else if (key.view == "fields") {
        fields = member.value;
      }
    }
    is_object = reader.is_valid();
  }
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  Text* text_for(std::string_view key) noexcept {
    if (key == "trace_id") return &trace_id;
    if (key == "span_id") return &span_id;
    if (key == "parent_span_id") return &parent_span_id;
    if (key == "traceparent") return &traceparent;
    if (key == "tracestate") return &tracestate;
    if (key == "baggage") return &baggage;
    return nullptr;
  }

  Text trace_id, span_id, parent_span_id, traceparent, tracestate, baggage;
  std::string_view fields;
  bool has_ids = false;
  bool is_object = false;
};

// The trace that the members name; an empty context when they name none that is valid.
Context trace_from(const Members& members) {
  const auto parent = read_traceparent(members.traceparent.view);
  const auto named = read_x_trace_id(members.trace_id.view);
  if (!parent && !named) return {};

  TraceOptions trace{.is_remote = true};
  // The name is kept even beside an id that does not follow from it: the sender, who wrote both at
  // once, calls the trace so.
  if (named) trace.name = named->trace_name;
  std::string tracestate;
  if (parent) {
    trace.trace_id = parent->trace_id;
    trace.span_id = parent->span_id;
    trace.flags = parent->flags;
    trace.tracestate = read_tracestate(members.tracestate.view, tracestate);
  } else {
    trace.trace_id = named->trace_id;
    trace.span_id = SpanId::from_hex(members.span_id.view).value_or(SpanId{});
  }
  trace.parent_span_id = SpanId::from_hex(members.parent_span_id.view).value_or(SpanId{});
  return Context::new_trace(trace);
}

}  // namespace

bool has_trace_member(const Context& context) noexcept {
  return context.has_trace() || !context.fields().empty() || !context.baggage().empty();
}

void append_trace_member(std::string& out, const Context& context) {
  out += '{';
  if (context.has_trace()) {
    append_text(out, "trace_id", to_x_trace_id(context));
    if (context.span_id().is_valid()) append_text(out, "span_id", context.span_id().to_hex());
    if (context.parent_span_id().is_valid()) {
      append_text(out, "parent_span_id", context.parent_span_id().to_hex());
    }
    const std::string traceparent = to_traceparent(context);
    if (!traceparent.empty()) append_text(out, "traceparent", traceparent);
    if (!context.tracestate().empty()) append_text(out, "tracestate", context.tracestate());
  }
  if (!context.baggage().empty()) append_text(out, "baggage", context.baggage());
  if (!context.fields().empty()) {
    out += "\"fields\":{";
    append_fields(out, context.fields());
    close_object(out);
  }
  close_object(out);
}

Context read_trace_member(std::string_view json) {
  const Members members(json);
  Context context;
  if (members.is_object) context = trace_from(members);
  if (!members.is_object || (members.has_ids && !context.has_trace())) {
    count_rejection(&RejectionCounts::envelope_malformed);
    return {};
  }
  std::string storage;
  const std::string_view baggage = read_baggage(members.baggage.view, storage);
  if (!baggage.empty()) context = context.with_baggage(baggage);
  if (!members.fields.empty()) {
    ParsedFields parsed;
    parsed.read(members.fields);
    context = context.with(parsed.fields());
  }
  return context;
}

}  // namespace waybill::internal
