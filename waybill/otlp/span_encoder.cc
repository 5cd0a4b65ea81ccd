#include <cstdint>
#include <cstring>
#include <string>

#include <waybill/otlp/internal/context_attributes.h>
#include <waybill/otlp/internal/padded_size.h>
#include <waybill/otlp/internal/request_groups.h>
#include <waybill/otlp/internal/span_texts.h>
#include <waybill/otlp/internal/valid_text.h>
#include <waybill/otlp/span_encoder.h>
#include <waybill/trace/wire.h>

namespace waybill {
namespace {

// Of message Span (opentelemetry/proto/trace/v1/trace.proto); those that are not here are in
// EndedSpan::encoded.
constexpr std::uint32_t kTraceId = 1;
constexpr std::uint32_t kSpanId = 2;
constexpr std::uint32_t kTracestate = 3;
constexpr std::uint32_t kParentSpanId = 4;
constexpr std::uint32_t kName = 5;
constexpr std::uint32_t kKind = 6;
constexpr std::uint32_t kStart = 7;
constexpr std::uint32_t kEnd = 8;
constexpr std::uint32_t kFlags = 16;

// SpanFlags.
constexpr std::uint32_t kHasIsRemote = 0x100;
constexpr std::uint32_t kIsRemote = 0x200;

// What a span takes beside its texts and what it carries: with the tag and size of each.
constexpr std::size_t kFixed = 96;

template <std::size_t kSize>
char* put_id(char* out, std::uint32_t number, const std::uint8_t* id) noexcept {
  out = detail::put_tag(out, number, detail::WireType::kBytes);
  *out++ = static_cast<char>(kSize);
  std::memcpy(out, id, kSize);
  return out + kSize;
}

char* put_flags(char* out, const EndedSpan& span) noexcept {
  const std::uint32_t flags =
      span.flags.byte() | kHasIsRemote | (span.has_remote_parent ? kIsRemote : 0);
  constexpr auto kFixed32 = static_cast<std::uint32_t>(detail::WireType::kFixed32);
  out = detail::put_varint(out, kFlags << 3 | kFixed32);
  std::memcpy(out, &flags, sizeof flags);
  return out + sizeof flags;
}

// All texts are UTF-8.
struct SpanTexts {
  std::string_view name;
  std::string_view tracestate;
  std::string_view context;
  std::string_view encoded;

  std::size_t size() const noexcept {
    return name.size() + tracestate.size() + context.size() + encoded.size();
  }
};

char* put_all(char* out, std::string_view bytes) noexcept {
  if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

char* put_content(char* out, const EndedSpan& span, const SpanTexts& texts) noexcept {
  out = put_id<TraceId::kSize>(out, kTraceId, span.trace_id.bytes());
  out = put_id<SpanId::kSize>(out, kSpanId, span.span_id.bytes());
  if (span.parent_span_id.is_valid()) {
    out = put_id<SpanId::kSize>(out, kParentSpanId, span.parent_span_id.bytes());
  }
  out = detail::put_fixed64(out, kStart, detail::unix_nanoseconds(span.start));
  out = detail::put_fixed64(out, kEnd, detail::unix_nanoseconds(span.end));
  out = detail::put_number(out, kKind, static_cast<std::uint64_t>(span.kind));
  out = put_flags(out, span);
  out = detail::put_bytes(out, kName, texts.name);
  if (!texts.tracestate.empty()) out = detail::put_bytes(out, kTracestate, texts.tracestate);
  out = put_all(out, texts.context);
  return put_all(out, texts.encoded);
}

template <std::size_t kSizeBytes>
char* put_span(char* out, const EndedSpan& span, const SpanTexts& texts) noexcept {
  out = detail::put_tag(out, internal::RequestGroups::kRecord, detail::WireType::kBytes);
  char* const content = out + kSizeBytes;
  char* const end = put_content(content, span, texts);
  internal::put_padded_size<kSizeBytes>(out, static_cast<std::size_t>(end - content));
  return end;
}

bool append_span(WireBuffer& request, const EndedSpan& span, const SpanTexts& texts) noexcept {
  const std::size_t most = kFixed + texts.size();
  char* const at = request.room(most);
  if (at == nullptr) return false;
  constexpr std::size_t kMostOfTwoBytes = 1 << 14;
  request.set_end(most < kMostOfTwoBytes ? put_span<2>(at, span, texts)
                                         : put_span<internal::kPaddedSize>(at, span, texts));
  return true;
}

// The same with texts that may be anything. Throws std::bad_alloc, and protozero::exception.
bool append_mended(WireBuffer& request, const EndedSpan& span, SpanTexts texts) {
  std::string name;
  std::string tracestate;
  std::string encoded;
  texts.name = internal::valid_text(texts.name, name);
  texts.tracestate = internal::valid_text(texts.tracestate, tracestate);
  if (!internal::has_valid_texts(texts.encoded)) {
    encoded = internal::with_valid_texts(texts.encoded);
    texts.encoded = encoded;
  }
  return append_span(request, span, texts);
}

}  // namespace

struct SpanEncoder::State {
  bool open_groups(const EndedSpan& span) noexcept;
  bool add(const EndedSpan& span);

  WireBuffer request;
  std::size_t count = 0;
  internal::RequestGroups groups;
  internal::ContextAttributes context;
  const Resource* resource = nullptr;  // of the last span; null: none, or it may be another's
  const InstrumentationScope* scope = nullptr;
};

bool SpanEncoder::State::open_groups(const EndedSpan& span) noexcept {
  resource = nullptr;
  if (!groups.open(request, span.resource, {span.scope.name, span.scope.version})) return false;
  resource = &span.resource;
  scope = &span.scope;
  return true;
}

bool SpanEncoder::State::add(const EndedSpan& span) {
  using internal::is_ascii;
  if ((resource != &span.resource || scope != &span.scope) && !open_groups(span)) return false;
  const SpanTexts texts{span.name, span.tracestate, context.of(span), span.encoded};
  const bool plain = is_ascii(texts.name) && is_ascii(texts.tracestate) && is_ascii(texts.encoded);
  return plain ? append_span(request, span, texts) : append_mended(request, span, texts);
}

SpanEncoder::SpanEncoder() : state_(std::make_unique<State>()) {}
SpanEncoder::SpanEncoder(SpanEncoder&&) noexcept = default;
SpanEncoder& SpanEncoder::operator=(SpanEncoder&&) noexcept = default;
SpanEncoder::~SpanEncoder() = default;

bool SpanEncoder::add(const EndedSpan& span) noexcept {
  try {
    const bool added = state_->add(span);
    state_->count += added ? 1 : 0;
    return added;
  } catch (...) {
    return false;
  }
}

void SpanEncoder::end_of_batch() noexcept {
  state_->resource = nullptr;
  state_->groups.forget_addresses();
}

std::size_t SpanEncoder::count() const noexcept {
  return state_->count;
}
std::size_t SpanEncoder::size() const noexcept {
  return state_->request.size();
}

std::string_view SpanEncoder::finish() noexcept {
  state_->groups.close(state_->request);
  return state_->request.view();
}

void SpanEncoder::take(WireBuffer& request) noexcept {
  finish();
  state_->request.swap(request);
  clear();
}

void SpanEncoder::clear() noexcept {
  state_->request.clear();
  state_->groups.clear();
  state_->count = 0;
  end_of_batch();
}

}  // namespace waybill
