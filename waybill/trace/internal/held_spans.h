// HeldSpans: copies of the spans of one trace, while it is not known whether they will be kept.
//
// They lie one behind the other in chunks of memory, a span's texts behind it, so that holding one
// is a copy and, every few spans, an allocation. What spans have of their contexts (fields, trace
// name, tracestate) is the same for most of a trace, and held once.
#pragma once

#include <cstddef>
#include <cstdint>

#include <waybill/trace/ended_span.h>

namespace waybill::internal {

class HeldSpans {
 public:
  HeldSpans() noexcept = default;
  HeldSpans(const HeldSpans&) = delete;
  HeldSpans& operator=(const HeldSpans&) = delete;
  ~HeldSpans() { clear(); }

  // Where a span is to go, until the next call that changes anything here.
  struct Place {
    std::size_t growth;  // bytes that append() will allocate; most often none

   private:
    friend class HeldSpans;
    const struct HeldContext* context;  // that of the span, if it is held
    std::size_t size;
  };
  Place place_for(const EndedSpan& span) const noexcept;

  // Copies the span, whose trace id and resource are the caller's to remember, and whose scope has
  // to stay. False, and nothing changed, without memory.
  bool append(const EndedSpan& span, const Place& place) noexcept;

  // Calls visit(const EndedSpan&) for each span, in the order in which they came.
  template <class Visit>
  void for_each(const TraceId& trace_id, const Resource& resource, Visit&& visit) const {
    for (const HeldSpan* held = first_; held != nullptr; held = held->next) {
      visit(view(*held, trace_id, resource));
    }
  }

  std::uint32_t size() const noexcept { return size_; }
  // Allocated.
  std::size_t bytes() const noexcept { return bytes_; }
  void clear() noexcept;

 private:
  // Followed by the name's and the encoded text.
  struct HeldSpan {
    HeldSpan* next;
    const HeldContext* context;
    const InstrumentationScope* scope;
    std::chrono::system_clock::time_point start;
    std::chrono::system_clock::time_point end;
    SpanId span_id;
    SpanId parent_span_id;
    std::uint32_t name_size;
    std::uint32_t encoded_size;
    TraceFlags flags;
    bool has_remote_parent;
    bool is_local_root;
    SpanKind kind;
    SpanStatus status;
  };
  struct Chunk;

  static EndedSpan view(const HeldSpan& held, const TraceId& trace_id,
                        const Resource& resource) noexcept;

  Chunk* chunks_ = nullptr;  // the newest first
  HeldSpan* first_ = nullptr;
  HeldSpan* last_ = nullptr;
  const HeldContext* contexts_ = nullptr;  // likewise
  std::size_t bytes_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace waybill::internal
