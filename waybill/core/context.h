// Context: what is known about the request that the code is working for.
//
// An immutable value: trace id, span id, parent span id, flags, trace name, tracestate, baggage,
// fields and context variables. Copying one copies a pointer; deriving one (`with`, `child`) makes
// a new value and leaves the old as it was, so a context may be shared between threads freely.
//
//   Context request = Context::new_trace({.name = "batch-job-2025-10-21"});
//   Context job     = request.with({{"job_id", 42}, {"account_id", "acme"}});
//   Scope scope{job};                                   // see scope.h: now it is the ambient one
//   Context::current().trace_name();                    // "batch-job-2025-10-21"
//
// An empty context (the default) has no trace, no fields, and costs nothing.
//
// Functions that return a new Context can throw std::bad_alloc; nothing else here throws.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include <waybill/core/field.h>
#include <waybill/core/ids.h>
#include <waybill/core/sampling.h>

namespace waybill {

class Context;
class VariableValue;

// What a new trace starts from. Everything may be left out.
struct TraceOptions {
  // Hex or UUID: the trace id itself. Any other text: the trace name, from which the id follows.
  // Empty: a random id, or `trace_id`.
  std::string_view name = {};
  // Used as it is; `name`, if any, is then only how people call the trace.
  std::optional<TraceId> trace_id = std::nullopt;
  // The current span. Left out: a new random one.
  std::optional<SpanId> span_id = std::nullopt;
  SpanId parent_span_id = {};
  // Left out: sampled, and random if the trace id is.
  std::optional<TraceFlags> flags = std::nullopt;
  // Left out: what the flags say. Else the sampled flag follows it.
  std::optional<Sampling> sampling = std::nullopt;
  // The span is another process's: what is begun below it is the first of the trace here.
  bool is_remote = false;
  // As in the W3C header, already valid. Carried along unread.
  std::string_view tracestate = {};
  std::string_view baggage = {};
};

namespace detail {

struct ContextData;  // what derived contexts share: fields, names, variables

// Whose the current span id is.
enum class ContextOrigin : std::uint8_t {
  kHop,     // nobody's: it stands for this process's part of the trace
  kRemote,  // another process's
  kSpan,    // a span's that was begun here; recorded or not, what is decided holds below it
};

// What one Context points to: its ids, and the part that is shared with its relatives.
struct ContextNode {
  constexpr ContextNode() noexcept = default;
  // The same ids and data. Not the count, which other threads may be changing, nor what comes of
  // having been recorded, nor what keeps the data.
  ContextNode(const ContextNode& other) noexcept
      : flags(other.flags),
        sampling(other.sampling),
        origin(other.origin),
        trace_id(other.trace_id),
        span_id(other.span_id),
        parent_span_id(other.parent_span_id),
        data(other.data) {}
  ContextNode& operator=(const ContextNode&) = delete;
  ~ContextNode() = default;

  std::uint32_t references = 1;
  TraceFlags flags;
  Sampling sampling = Sampling::kUndecided;  // the sampled flag is set where is_sampled()
  mutable bool recorded = false;             // see recorded_context.h
  ContextOrigin origin = ContextOrigin::kHop;
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;
  const ContextData* data = nullptr;
  mutable const ContextNode* next_retired = nullptr;
  // Of a span's node: the one whose data this is, with a reference to it; null: `data` is referred
  // to by this node itself. So all spans below a context count that one alone.
  const ContextNode* base = nullptr;
};

inline constexpr ContextNode kEmptyNode;

void retain(const ContextNode* node) noexcept;
void release(const ContextNode* node) noexcept;
struct ContextReference;

}  // namespace detail

class Context {
 public:
  constexpr Context() noexcept = default;
  Context(const Context& other) noexcept : node_(other.node_) {
    if (node_ != nullptr) detail::retain(node_);
  }
  constexpr Context(Context&& other) noexcept : node_(other.node_) { other.node_ = nullptr; }
  Context& operator=(Context other) noexcept {
    const detail::ContextNode* mine = node_;
    node_ = other.node_;
    other.node_ = mine;
    return *this;
  }
  ~Context() {
    if (node_ != nullptr) detail::release(node_);
  }

  // This thread's ambient context; empty where none was installed. The reference is to a place that
  // belongs to this thread and changes as scopes open and close: copy it (or use capture()) to
  // keep it, and never hold the reference across a point where a coroutine may change threads.
  static const Context& current() noexcept;

  // A context with a trace and nothing else. See TraceOptions.
  static Context new_trace(const TraceOptions& options = {});

  bool empty() const noexcept { return node_ == nullptr; }
  bool has_trace() const noexcept { return trace_id().is_valid(); }

  // All-zero (invalid) where there is none. References live as long as this context or any copy.
  const TraceId& trace_id() const noexcept { return node().trace_id; }
  const SpanId& span_id() const noexcept { return node().span_id; }
  const SpanId& parent_span_id() const noexcept { return node().parent_span_id; }
  TraceFlags flags() const noexcept { return node().flags; }
  Sampling sampling() const noexcept { return node().sampling; }
  // Whether the span is another process's: nothing has begun below it here.
  bool is_remote() const noexcept { return node().origin == detail::ContextOrigin::kRemote; }

  // The text under which a person knows the trace; empty when it is known by its id alone. This
  // view, and those below, live as the references above do.
  std::string_view trace_name() const noexcept;
  std::string_view tracestate() const noexcept;
  std::string_view baggage() const noexcept;
  Fields fields() const noexcept;

  // The same context with these fields more. A key that is there already gets the new value, in its
  // old place.
  Context with(std::initializer_list<Field> fields) const {
    return with(Fields(fields.begin(), fields.size()));
  }
  Context with(Fields fields) const;

  // The same trace, with baggage (text of the W3C Baggage header) in place of what was there.
  Context with_baggage(std::string_view baggage) const;

  // The same context with another decision, and the sampled flag that goes with it. Without a
  // trace: the decision about the one that child() begins.
  Context with_sampling(Sampling sampling) const;

  // The same fields, baggage and variables, and no trace.
  Context without_trace() const;

  // The same trace, with this tracestate (text of the W3C header, already valid) in place of what
  // was there.
  Context with_tracestate(std::string_view tracestate) const;

  // The next hop: a new span id, whose parent is this context's span. Without a trace: a new one
  // that keeps the fields, sampled unless sampling() says that it is dropped.
  Context child() const;

  // For ContextVar<T>, which is the typed way in. `value` is taken over; null removes it.
  Context with_variable(std::uint64_t key, const VariableValue* value) const;
  const VariableValue* variable(std::uint64_t key) const noexcept;

  // Identity: whether both are the very same value, not whether two values look alike.
  friend bool operator==(const Context& a, const Context& b) noexcept { return a.node_ == b.node_; }

 private:
  friend struct detail::ContextReference;

  constexpr explicit Context(const detail::ContextNode* adopted) noexcept : node_(adopted) {}

  const detail::ContextNode& node() const noexcept {
    return node_ != nullptr ? *node_ : detail::kEmptyNode;
  }

  const detail::ContextNode* node_ = nullptr;
};

}  // namespace waybill
