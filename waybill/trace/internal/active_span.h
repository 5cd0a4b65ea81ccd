// A span under way, and the record that it becomes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/core/ids.h>
#include <waybill/trace/ended_span.h>
#include <waybill/trace/tracing.h>

namespace waybill {
struct Link;
}

namespace waybill::internal {

namespace span_bit {
inline constexpr std::uint8_t kStartGiven = 1;  // start is nanoseconds since 1970, not ticks
inline constexpr std::uint8_t kEndGiven = 2;    // end is there
inline constexpr std::uint8_t kHasEvents = 4;   // some with a time in ticks, see kTicks
inline constexpr std::uint8_t kRemoteParent = 8;
inline constexpr std::uint8_t kLocalRoot = 16;
inline constexpr std::uint8_t kNameFollows =
    32;  // name is null; its text is the first that follows
}  // namespace span_bit

// In RecordShape::detail[0] of a record that is no span, but the trace id of a local root that has
// begun: for a tail decision.
inline constexpr std::uint8_t kRootBegan = 1;

// Of an event, while the span is on its way: in place of the field for its time.
inline constexpr std::uint32_t kTicks = 15;

// What follows the header of a span's record: its ids, and what else is the same size each time.
// After it: the name's text, if it is not a literal, and what EndedSpan::encoded is to be.
struct SpanIds {
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;
};
struct SpanFacts {
  std::uint64_t start;
  std::uint64_t end;
  const char* name;
  const InstrumentationScope* scope;
  std::uint32_t name_size;
  std::uint32_t following;  // bytes
  SpanKind kind;
  SpanStatus status;
  TraceFlags flags;
  std::uint8_t bits;
};
struct SpanImage {
  SpanIds ids;
  SpanFacts facts;
};

}  // namespace waybill::internal

namespace waybill::detail {

// In a block of the thread's pool; what does not fit into it is on the heap.
struct ActiveSpan {
  static constexpr std::size_t kBlock = 512;
  static constexpr std::size_t kFixed = 112;

  const ContextNode* node;  // that is the span
  const ContextNode* base;  // whose fields are the span's; null: there are none
  const SpanLimits* limits;
  char* bytes;  // what follows the facts
  std::uint32_t capacity = kBlock - kFixed;
  std::uint32_t attributes = 0;
  std::uint32_t events = 0;
  std::uint32_t links = 0;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  std::uint32_t dropped_links = 0;
  bool owns_node;  // the reference to `node` ends with the span
  // Exceptions on their way up this thread's stack when the block began that the span ends with.
  std::uint16_t uncaught = 0;
  internal::SpanFacts facts;

  char* inline_bytes() noexcept { return reinterpret_cast<char*>(this + 1); }
  // Whether there is something to say at the end that depends on all of it.
  bool has_summary() const noexcept {
    return (dropped_attributes | dropped_events | dropped_links |
            static_cast<std::uint32_t>(facts.status)) != 0;
  }
  std::string_view following() const noexcept { return {bytes, facts.following}; }
  // Without the name.
  std::string_view encoded() const noexcept {
    const bool name_follows = (facts.bits & internal::span_bit::kNameFollows) != 0;
    return following().substr(name_follows ? facts.name_size : 0);
  }
};

static_assert(sizeof(ActiveSpan) == ActiveSpan::kFixed);

}  // namespace waybill::detail

namespace waybill::internal {

// Room for so many bytes more, or null: the span's limit, and so many bytes beyond it, or no
// memory.
char* make_room_slowly(detail::ActiveSpan& span, std::size_t size, std::size_t beyond) noexcept;
inline char* make_room(detail::ActiveSpan& span, std::size_t size,
                       std::size_t beyond = 0) noexcept {
  if (span.capacity - span.facts.following >= size) [[likely]] {
    return span.bytes + span.facts.following;
  }
  return make_room_slowly(span, size, beyond);
}
// What was written there.
inline void add_following(detail::ActiveSpan& span, const char* end) noexcept {
  span.facts.following = static_cast<std::uint32_t>(end - span.bytes);
}

// Of a key that is not there yet.
void append_attribute(detail::ActiveSpan& span, std::string_view key,
                      const AttributeValue& value) noexcept;
void append_link(detail::ActiveSpan& span, const Link& link) noexcept;
// What was left out, and how it went; before the record is written.
void append_summary(detail::ActiveSpan& span) noexcept;

}  // namespace waybill::internal
