#include <utility>

#include <waybill/trace/internal/encoded_fields.h>
#include <waybill/trace/internal/span_consumer.h>

namespace waybill::internal {
namespace {

using std::chrono::system_clock;

system_clock::time_point time_of(std::uint64_t nanoseconds) noexcept {
  return system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(
      std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds))));
}

// Of a reading of the clock that was taken before that of the header.
class Readings {
 public:
  Readings(std::uint64_t ticks, double rate, system_clock::time_point time) noexcept
      : ticks_(ticks), rate_(rate), time_(time) {}

  system_clock::time_point time_of(std::uint64_t ticks) const noexcept {
    const auto before = static_cast<std::int64_t>(ticks_ - ticks);
    const auto nanoseconds = static_cast<std::int64_t>(static_cast<double>(before) * rate_);
    return time_ - std::chrono::duration_cast<system_clock::duration>(
                       std::chrono::nanoseconds(nanoseconds));
  }

 private:
  std::uint64_t ticks_;
  double rate_;
  system_clock::time_point time_;
};

// An event begins with its time, in ticks: the field becomes the one for nanoseconds.
void put_event_times_right(std::string& encoded, const Readings& readings) noexcept {
  std::string_view rest = encoded;
  while (const auto field = next_encoded(rest)) {
    if (field->number != detail::field::span::kEvents) continue;
    std::string_view event = field->bytes;
    const auto time = next_encoded(event);
    if (!time || time->number != kTicks) continue;
    char* at = encoded.data() + (time->whole.data() - encoded.data());
    detail::put_fixed64(at, detail::field::event::kTime,
                        detail::unix_nanoseconds(readings.time_of(time->value)));
  }
}

const InstrumentationScope& no_scope() noexcept {
  static const InstrumentationScope& none = *new InstrumentationScope;
  return none;
}

}  // namespace

SpanConsumer& SpanConsumer::get() noexcept {
  static SpanConsumer& forever = *new SpanConsumer;
  return forever;
}

void SpanConsumer::set_up(const TracingOptions& options, std::unique_ptr<TailDecision> tail) {
  auto resource =
      std::make_unique<const Resource>(Resource{options.service, options.resource_attributes});
  auto exporters = options.exporters;
  if (tail_ != nullptr) tail_->decide_all();
  resource_ = std::move(resource);
  exporters_ = std::move(exporters);
  tail_ = std::move(tail);
}

void SpanConsumer::consume(const detail::RecordHeader& header, const detail::RecordOrigin& origin,
                           system_clock::time_point time) noexcept {
  if (header.shape.detail[0] == kRootBegan) {
    if (tail_ != nullptr) tail_->root_began(*reinterpret_cast<const TraceId*>(&header + 1));
    return;
  }
  const auto& image = *reinterpret_cast<const SpanImage*>(&header + 1);
  const SpanFacts& facts = image.facts;
  std::string_view following(reinterpret_cast<const char*>(&image + 1), facts.following);
  std::string_view name(facts.name, facts.name_size);
  if ((facts.bits & span_bit::kNameFollows) != 0) {
    name = following.substr(0, facts.name_size);
    following.remove_prefix(facts.name_size);
  }
  const Readings readings(header.ticks, origin.nanoseconds_per_tick, time);
  if ((facts.bits & span_bit::kHasEvents) != 0) {
    try {
      events_ = following;
    } catch (...) {
      return detail::count_sink({.lost = 1});
    }
    put_event_times_right(events_, readings);
    following = events_;
  }
  const bool end_given = (facts.bits & span_bit::kEndGiven) != 0;
  const bool start_given = (facts.bits & span_bit::kStartGiven) != 0;
  const EndedSpan span{
      .trace_id = image.ids.trace_id,
      .span_id = image.ids.span_id,
      .parent_span_id = image.ids.parent_span_id,
      .flags = facts.flags,
      .has_remote_parent = (facts.bits & span_bit::kRemoteParent) != 0,
      .is_local_root = (facts.bits & span_bit::kLocalRoot) != 0,
      .kind = facts.kind,
      .status = facts.status,
      .name = name,
      .start = start_given ? time_of(facts.start) : readings.time_of(facts.start),
      .end = end_given ? time_of(facts.end) : time,
      .trace_name = header.context.trace_name(),
      .tracestate = header.context.tracestate(),
      .context_fields = header.context.fields(),
      .encoded = following,
      .resource = *resource_,
      .scope = facts.scope != nullptr ? *facts.scope : no_scope(),
  };
  if (tail_ == nullptr) return hand_over(span);
  tail_->consume(span, [this](const EndedSpan& kept) { hand_over(kept); });
}

TailCounts SpanConsumer::tail_counts() const noexcept {
  return tail_ != nullptr ? tail_->counts() : TailCounts{};
}

void SpanConsumer::hand_over(const EndedSpan& span) noexcept {
  for (const auto& exporter : exporters_) exporter->consume(span);
}

void SpanConsumer::end_of_batch(bool flushing) noexcept {
  if (tail_ != nullptr) tail_->tick(TailDecision::Clock::now());
  for (const auto& exporter : exporters_) exporter->end_of_batch(flushing);
}

void SpanConsumer::after_fork_in_child() noexcept {
  if (tail_ != nullptr) tail_->forget();
  for (const auto& exporter : exporters_) exporter->after_fork_in_child();
}

}  // namespace waybill::internal
