// Format: one way to write a trace into headers; FormatList: those that a service speaks, the
// preferred one first.
//
//   FormatList formats{Format::kTraceContext, Format::kBaggage, Format::kB3};
//   FormatList formats = FormatList::parse("tracecontext,baggage,b3");
//
// The names are those of OpenTelemetry's variable OTEL_PROPAGATORS ("Environment Variable
// Specification", "General SDK Configuration"), and "gcp", "datadog" and "x-trace-id".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace waybill {

enum class Format : std::uint8_t {
  kTraceContext,   // "tracecontext": traceparent, tracestate
  kBaggage,        // "baggage"
  kTraceIdHeader,  // "x-trace-id": X-Trace-ID, or what PropagatorOptions::trace_id_headers names
  kB3,             // "b3": the single header b3; X-B3-TraceId and its like are read, too
  kB3Multi,        // "b3multi": X-B3-TraceId and its like; b3 is read, too, and before them
  kJaeger,         // "jaeger": uber-trace-id, uberctx-...
  kXRay,           // "xray": X-Amzn-Trace-Id
  kCloudTrace,     // "gcp": X-Cloud-Trace-Context
  kDatadog,        // "datadog": x-datadog-trace-id and its like
};
inline constexpr std::size_t kFormats = 9;

// Empty for a name that is none of the above. Names are compared without regard to case.
std::optional<Format> format_from_name(std::string_view name) noexcept;
std::string_view name_of(Format format) noexcept;

class FormatList {
 public:
  // What is used where nothing is said: tracecontext, baggage, x-trace-id.
  constexpr FormatList() noexcept
      : FormatList({Format::kTraceContext, Format::kBaggage, Format::kTraceIdHeader}) {}
  // A format that is named again counts where it stands first.
  constexpr FormatList(std::initializer_list<Format> formats) noexcept {
    for (const Format format : formats) add(format);
  }

  // From names with commas between them, spaces aside. "none" is the empty list. Throws Error for
  // an unknown name, saying that it is a value of `option`.
  static FormatList parse(std::string_view names, std::string_view option = "propagators");

  static constexpr FormatList none() noexcept {
    FormatList empty;
    empty.size_ = 0;
    return empty;
  }

  constexpr void add(Format format) noexcept {
    if (!contains(format)) formats_[size_++] = format;
  }
  constexpr bool contains(Format format) const noexcept {
    for (const Format mine : *this) {
      if (mine == format) return true;
    }
    return false;
  }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr const Format* begin() const noexcept { return formats_.data(); }
  constexpr const Format* end() const noexcept { return formats_.data() + size_; }

  // "tracecontext,baggage", as parse() reads it.
  std::string to_string() const;

  friend constexpr bool operator==(const FormatList& a, const FormatList& b) noexcept {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i) {
      if (a.formats_[i] != b.formats_[i]) return false;
    }
    return true;
  }

 private:
  std::array<Format, kFormats> formats_{};
  std::size_t size_ = 0;
};

}  // namespace waybill
