#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

#include <waybill/trace/internal/held_spans.h>

namespace waybill::internal {

// Followed by the fields and the texts.
struct HeldContext {
  const HeldContext* next;
  Fields fields;
  std::string_view trace_name;
  std::string_view tracestate;
};

struct HeldSpans::Chunk {
  Chunk* next;
  std::size_t size;  // with this
  std::size_t used;

  char* at(std::size_t offset) noexcept { return reinterpret_cast<char*>(this) + offset; }
};

namespace {

// A handful of spans with some attributes; what the allocator has in stock for each thread.
constexpr std::size_t kFirstChunk = 1024;
constexpr std::size_t kLargestChunk = 32 * 1024;
// How many contexts are looked at before a span's is taken for a new one.
constexpr int kMostCompared = 4;

constexpr std::size_t aligned(std::size_t size) noexcept {
  return (size + 7) & ~std::size_t{7};
}

bool same_context(const HeldContext& held, const EndedSpan& span) noexcept {
  return std::equal(held.fields.begin(), held.fields.end(), span.context_fields.begin(),
                    span.context_fields.end()) &&
         held.trace_name == span.trace_name && held.tracestate == span.tracestate;
}

bool has_text(const Field& field) noexcept {
  return field.value.type() == FieldValue::Type::kString;
}

std::size_t size_of_context(const EndedSpan& span) noexcept {
  std::size_t size = sizeof(HeldContext) + span.context_fields.size() * sizeof(Field) +
                     span.trace_name.size() + span.tracestate.size();
  for (const Field& field : span.context_fields) {
    size += field.key.size() + (has_text(field) ? field.value.as_string().size() : 0);
  }
  return aligned(size);
}

std::string_view copy(std::string_view text, char*& to) noexcept {
  if (text.empty()) return {};
  std::memcpy(to, text.data(), text.size());
  to += text.size();
  return {to - text.size(), text.size()};
}

// Takes `to` behind it.
const HeldContext* copy_context(const EndedSpan& span, const HeldContext* next,
                                char*& to) noexcept {
  auto* const held = reinterpret_cast<HeldContext*>(to);
  auto* const fields = reinterpret_cast<Field*>(to + sizeof(HeldContext));
  const std::size_t count = span.context_fields.size();
  char* text = reinterpret_cast<char*>(fields + count);
  for (std::size_t i = 0; i < count; ++i) {
    const Field& field = span.context_fields[i];
    Field* const mine = std::construct_at(fields + i, field);
    mine->key = copy(field.key, text);
    if (has_text(field)) mine->value = copy(field.value.as_string(), text);
  }
  std::construct_at(held, next, Fields(count != 0 ? fields : nullptr, count),
                    copy(span.trace_name, text), copy(span.tracestate, text));
  to += aligned(static_cast<std::size_t>(text - to));
  return held;
}

}  // namespace

HeldSpans::Place HeldSpans::place_for(const EndedSpan& span) const noexcept {
  Place place;
  place.context = contexts_;
  for (int i = 1; place.context != nullptr && !same_context(*place.context, span); ++i) {
    place.context = i < kMostCompared ? place.context->next : nullptr;
  }
  place.size = aligned(sizeof(HeldSpan) + span.name.size() + span.encoded.size()) +
               (place.context == nullptr ? size_of_context(span) : 0);
  place.growth = 0;
  if (chunks_ == nullptr || chunks_->size - chunks_->used < place.size) {
    const std::size_t usual =
        chunks_ == nullptr ? kFirstChunk : std::min(2 * chunks_->size, kLargestChunk);
    place.growth = std::max(usual, sizeof(Chunk) + place.size);
  }
  return place;
}

bool HeldSpans::append(const EndedSpan& span, const Place& place) noexcept {
  static_assert(std::is_trivially_destructible_v<HeldSpan> &&
                std::is_trivially_destructible_v<HeldContext>);
  if (place.growth != 0) {
    void* const memory = ::operator new(place.growth, std::nothrow);
    if (memory == nullptr) return false;
    chunks_ = ::new (memory) Chunk{chunks_, place.growth, sizeof(Chunk)};
    bytes_ += place.growth;
  }
  char* to = chunks_->at(chunks_->used);
  chunks_->used += place.size;

  const HeldContext* context = place.context;
  if (context == nullptr) contexts_ = context = copy_context(span, contexts_, to);
  HeldSpan* const held = ::new (to) HeldSpan{
      .next = nullptr,
      .context = context,
      .scope = &span.scope,
      .start = span.start,
      .end = span.end,
      .span_id = span.span_id,
      .parent_span_id = span.parent_span_id,
      .name_size = static_cast<std::uint32_t>(span.name.size()),
      .encoded_size = static_cast<std::uint32_t>(span.encoded.size()),
      .flags = span.flags,
      .has_remote_parent = span.has_remote_parent,
      .is_local_root = span.is_local_root,
      .kind = span.kind,
      .status = span.status,
  };
  to += sizeof(HeldSpan);
  copy(span.name, to);
  copy(span.encoded, to);

  (last_ != nullptr ? last_->next : first_) = held;
  last_ = held;
  ++size_;
  return true;
}

EndedSpan HeldSpans::view(const HeldSpan& held, const TraceId& trace_id,
                          const Resource& resource) noexcept {
  const char* const texts = reinterpret_cast<const char*>(&held + 1);
  return {
      .trace_id = trace_id,
      .span_id = held.span_id,
      .parent_span_id = held.parent_span_id,
      .flags = held.flags,
      .has_remote_parent = held.has_remote_parent,
      .is_local_root = held.is_local_root,
      .kind = held.kind,
      .status = held.status,
      .name = {texts, held.name_size},
      .start = held.start,
      .end = held.end,
      .trace_name = held.context->trace_name,
      .tracestate = held.context->tracestate,
      .context_fields = held.context->fields,
      .encoded = {texts + held.name_size, held.encoded_size},
      .resource = resource,
      .scope = *held.scope,
  };
}

void HeldSpans::clear() noexcept {
  while (chunks_ != nullptr) {
    Chunk* const next = chunks_->next;
    ::operator delete(chunks_);
    chunks_ = next;
  }
  first_ = last_ = nullptr;
  contexts_ = nullptr;
  bytes_ = 0;
  size_ = 0;
}

}  // namespace waybill::internal
