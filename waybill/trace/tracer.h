// Tracer: begins spans in the name of a library or a part of the program.
//
//   const waybill::Tracer tracer("billing", "1.2.0");
//   auto span = tracer.span("charge", {{"account_id", account}});
//
// span() and start_span() outside of it are those of a tracer without a name. traced() makes a
// callable that runs in a span; span() without a name takes that of the function around it.
#pragma once

#include <initializer_list>
#include <source_location>
#include <string_view>
#include <type_traits>
#include <utility>

#include <waybill/trace/span.h>

namespace waybill {

namespace detail {

// "app::fetch_weather" of "Weather app::fetch_weather(int) const". Refers to the location's own
// text.
std::string_view function_of(const std::source_location& where) noexcept;

}  // namespace detail

// A span, and the context that its work is to run under: the span's; where it is not recorded, one
// that says so to all that is begun below it. For servers and clients, whose work is no block.
struct StartedSpan {
  Context context;
  Span span;
};

// Cheap to copy; thread-safe.
class Tracer {
 public:
  // Kept for as long as the process, once for each name and version. Throws std::bad_alloc.
  explicit Tracer(std::string_view name, std::string_view version = {});
  constexpr Tracer() noexcept = default;

  ScopedSpan span(const SpanName& name,
                  std::initializer_list<Attribute> attributes = {}) const noexcept {
    return {scope_, name, {attributes.begin(), attributes.size()}, nullptr};
  }
  ScopedSpan span(const SpanName& name, std::initializer_list<Attribute> attributes,
                  const SpanOptions& options) const noexcept {
    return {scope_, name, {attributes.begin(), attributes.size()}, &options};
  }
  ScopedSpan span(const SpanName& name, Attributes attributes,
                  const SpanOptions& options) const noexcept {
    return {scope_, name, attributes, &options};
  }
  ScopedSpan span(std::source_location where = std::source_location::current()) const noexcept {
    const bool on = detail::is_tracing();
    return {scope_, SpanName::of_literal(on ? detail::function_of(where) : ""), {}, nullptr};
  }

  Span start_span(const SpanName& name, std::initializer_list<Attribute> attributes = {},
                  const SpanOptions& options = {}) const noexcept {
    return start_span(name, Attributes(attributes.begin(), attributes.size()), options);
  }
  Span start_span(const SpanName& name, Attributes attributes,
                  const SpanOptions& options) const noexcept {
    if (!detail::is_tracing()) return Span();
    return start(name, attributes, options).span;
  }

  // While tracing is off, the context is the parent's own.
  StartedSpan start(const SpanName& name, Attributes attributes,
                    const SpanOptions& options) const noexcept;

 private:
  const InstrumentationScope* scope_ = nullptr;
};

inline ScopedSpan span(const SpanName& name,
                       std::initializer_list<Attribute> attributes = {}) noexcept {
  return Tracer().span(name, attributes);
}
inline ScopedSpan span(const SpanName& name, std::initializer_list<Attribute> attributes,
                       const SpanOptions& options) noexcept {
  return Tracer().span(name, attributes, options);
}
inline ScopedSpan span(std::source_location where = std::source_location::current()) noexcept {
  return Tracer().span(where);
}
inline Span start_span(const SpanName& name, std::initializer_list<Attribute> attributes = {},
                       const SpanOptions& options = {}) noexcept {
  return Tracer().start_span(name, attributes, options);
}

// A callable that runs `function` in a span of this name each time.
template <class Function>
auto traced(SpanName name, Function&& function) {
  return [name, function = std::forward<Function>(function)]<class... Arguments>(
             Arguments&&... arguments) mutable -> decltype(auto) {
    const ScopedSpan around = span(name);
    return function(std::forward<Arguments>(arguments)...);
  };
}

}  // namespace waybill
