// Span: a timed operation with a name, attributes, events, links and a status.
//
//   auto span = waybill::span("fetch weather", {{"zip_code", zip}});   // until the block ends
//   span.set("temperature", celsius);
//   log.info("fetched");                                               // carries the span's id
//
// span() begins a child of the current context, and is itself the current context until its block
// ends: what is called, spawned or sent from there is below it. start_span() begins one that is
// not tied to a block, to be carried to wherever it ends:
//
//   waybill::Span span = waybill::start_span("job", {}, {.kind = SpanKind::kConsumer});
//   pool.submit([span = std::move(span)]() mutable {
//     waybill::Scope scope{span.context()};
//     ...
//     span.end();
//   });
//
// A span that is not recorded, because tracing is off or the trace is not sampled, does nothing and
// costs next to nothing. It changes no context either: log lines keep the span id of the last span
// above it that is known to others, or of the hop. Only where there is no trace yet, and tracing is
// on, is a new one begun.
//
// Nothing here throws or fails: without memory, a span is one that is not recorded. A span belongs
// to one thread at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <waybill/core/ambient.h>
#include <waybill/core/context.h>
#include <waybill/trace/attribute.h>
#include <waybill/trace/span_kind.h>

namespace waybill {

struct InstrumentationScope;

// A span's name: what is done, in a few words, the same each time ("GET /users/{id}"). A string
// literal is referred to, any other text copied.
class SpanName {
 public:
  template <std::size_t Size>
  consteval SpanName(const char (&literal)[Size]) noexcept
      : text_(literal, Size - 1), is_literal_(true) {}
  template <class Text>
    requires(std::is_convertible_v<const Text&, std::string_view> && !std::is_array_v<Text>)
  constexpr SpanName(const Text& text) noexcept : text_(text) {}

  // A text that stays as long as the process.
  static constexpr SpanName of_literal(std::string_view text) noexcept {
    SpanName name(text);
    name.is_literal_ = true;
    return name;
  }

  constexpr std::string_view text() const noexcept { return text_; }
  constexpr bool is_literal() const noexcept { return is_literal_; }

 private:
  std::string_view text_;
  bool is_literal_ = false;
};

// A span elsewhere that this one has to do with, without being its child: the message that a batch
// was made of, the attempt before.
struct Link {
  explicit Link(const Context& context, Attributes about = {}) noexcept
      : trace_id(context.trace_id()),
        span_id(context.span_id()),
        flags(context.flags()),
        tracestate(context.tracestate()),
        attributes(about) {}

  TraceId trace_id;
  SpanId span_id;
  TraceFlags flags;
  std::string_view tracestate;
  Attributes attributes;
};

// What a span may be given at its beginning, beside its name and attributes.
struct SpanOptions {
  SpanKind kind = SpanKind::kInternal;
  std::span<const Link> links = {};
  // In place of the current context. An empty one: the span begins a new trace. Of what is current,
  // fields and variables are not taken over then.
  const Context* parent = nullptr;
  // A new trace, that keeps the current context's fields, baggage and variables. With `parent`:
  // that one's.
  bool new_trace = false;
  // Left out: now.
  std::optional<std::chrono::system_clock::time_point> start_time = std::nullopt;
};

namespace detail {

struct ActiveSpan;

extern constinit std::atomic<bool> tracing_is_on;
inline bool is_tracing() noexcept {
  return tracing_is_on.load(std::memory_order_relaxed);
}

// A span that was begun; null: it is not recorded.
struct BegunSpan {
  ActiveSpan* span = nullptr;
  const ContextNode* node = nullptr;  // to be made current; null: what is current stays
};
// A reference to `node` goes to the span where it keeps it; else, and without a span, to the
// caller.
BegunSpan begin_span(const InstrumentationScope* scope, const SpanName& name, Attributes attributes,
                     const SpanOptions* options, bool keeps_node) noexcept;

}  // namespace detail

class Span {
 public:
  // Not recorded.
  constexpr Span() noexcept = default;
  Span(class ScopedSpan&&) = delete;  // which ends with its block
  Span(Span&& other) noexcept : active_(std::exchange(other.active_, nullptr)) {}
  Span& operator=(Span&& other) noexcept {
    std::swap(active_, other.active_);
    return *this;
  }
  // Ends it, if it has not been ended.
  ~Span() {
    if (active_ != nullptr) end_now();
  }

  // Whether what is set here goes anywhere. Of use where an attribute is dear to compute.
  bool is_recording() const noexcept { return active_ != nullptr; }

  // The context that the span is: current() with its ids. Of a span that is not recorded, or has
  // ended: the current one.
  Context context() const noexcept;

  // Sets an attribute; one that is there already gets the new value. Returns the span, to go on.
  Span& set(std::string_view key, const AttributeValue& value) noexcept {
    if (active_ != nullptr) set_now(key, value);
    return *this;
  }
  Span& set(std::initializer_list<Attribute> attributes) noexcept {
    for (const Attribute& attribute : attributes) set(attribute.key, attribute.value);
    return *this;
  }
  Span& set_name(std::string_view name) noexcept;

  // Something that happened at a point in time.
  Span& add_event(std::string_view name, std::initializer_list<Attribute> attributes = {}) noexcept;
  Span& add_event(std::string_view name, std::chrono::system_clock::time_point time,
                  Attributes attributes = {}) noexcept;
  Span& add_link(const Link& link) noexcept;

  // How it went. As OpenTelemetry has it, kOk is final, and a text belongs to kError only.
  Span& set_status(SpanStatus status, std::string_view message = {}) noexcept;
  Span& set_error(std::string_view message = {}) noexcept {
    return set_status(SpanStatus::kError, message);
  }

  // An event "exception" with exception.type, exception.message and, where the exception has one,
  // exception.stacktrace (OpenTelemetry semantic conventions, "Recording exceptions"); and the
  // status kError. Nested exceptions are told one below the other.
  Span& record_exception(const std::exception& exception) noexcept;
  Span& record_exception(std::exception_ptr exception = std::current_exception()) noexcept;

  // The end, once: what follows does nothing.
  void end() noexcept {
    if (active_ != nullptr) end_now();
  }
  void end(std::chrono::system_clock::time_point time) noexcept;

 protected:
  friend class Tracer;
  constexpr explicit Span(detail::ActiveSpan* active) noexcept : active_(active) {}
  void end_now() noexcept;
  void set_now(std::string_view key, const AttributeValue& value) noexcept;

  detail::ActiveSpan* active_ = nullptr;
};

// A span that is the current context until its block ends, as Scope is, with what is said there of
// coroutines. end() ends the time that it takes; the context stays until the block ends.
//
// A span whose block is left by an exception, and that has no status yet, has failed: kError.
class [[nodiscard]] ScopedSpan : public Span {
 public:
  ScopedSpan(const ScopedSpan&) = delete;
  ScopedSpan& operator=(const ScopedSpan&) = delete;
  ~ScopedSpan() {
    if (opened_ != nullptr) close();
  }

 private:
  friend class Tracer;
  ScopedSpan(const InstrumentationScope* scope, const SpanName& name, Attributes attributes,
             const SpanOptions* options) noexcept {
    if (detail::is_tracing()) [[unlikely]]
      open(scope, name, attributes, options);
  }
  void open(const InstrumentationScope* scope, const SpanName& name, Attributes attributes,
            const SpanOptions* options) noexcept;
  void open_slowly(const InstrumentationScope* scope, const SpanName& name, Attributes attributes,
                   const SpanOptions* options) noexcept;
  void close() noexcept;

  const detail::ContextNode* opened_ = nullptr;  // a reference to it
  union {
    detail::Ambient previous_;  // where something was opened
  };
};

}  // namespace waybill
