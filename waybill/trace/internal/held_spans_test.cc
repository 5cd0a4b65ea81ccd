#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/trace/internal/held_spans.h>
#include <waybill/trace/internal/span_sample.h>

namespace waybill::internal {
namespace {

const TraceId kTrace = TraceId::from_name("held");

void append(HeldSpans& held, const SpanSample& sample) {
  sample.as_ended([&](const EndedSpan& span) {
    const auto place = held.place_for(span);
    const std::size_t before = held.bytes();
    ASSERT_TRUE(held.append(span, place));
    ASSERT_EQ(held.bytes() - before, place.growth);
  });
}

std::vector<SpanSample> all(const HeldSpans& held) {
  std::vector<SpanSample> samples;
  const Resource resource;
  held.for_each(kTrace, resource, [&](const EndedSpan& span) {
    EXPECT_EQ(&span.resource, &resource);
    EXPECT_EQ(span.scope.name, "tests");
    EXPECT_EQ(span.kind, SpanKind::kServer);
    EXPECT_EQ(span.has_remote_parent, span.is_local_root);
    samples.push_back(SpanSample::of(span));
  });
  return samples;
}

TEST(HeldSpans, IsEmptyAtFirst) {
  const HeldSpans held;
  EXPECT_EQ(held.size(), 0U);
  EXPECT_EQ(held.bytes(), 0U);
  EXPECT_TRUE(all(held).empty());
}

TEST(HeldSpans, GivesBackWhatItWasGiven) {
  const std::vector<SpanSample> samples = {
      {.trace_id = kTrace,
       .flags = TraceFlags(2),
       .status = SpanStatus::kOk,
       .name = "first",
       .trace_name = "held",
       .tracestate = "a=1",
       .fields = {{"job_id", "J-1"}, {"account_id", "acme"}},
       .encoded = std::string("\x4a\0\x05", 3)},
      {.trace_id = kTrace, .is_local_root = true, .name = ""},
      {.trace_id = kTrace, .name = "third", .fields = {{"", ""}}, .encoded = "xyz"},
  };
  HeldSpans held;
  for (const SpanSample& sample : samples) append(held, sample);
  EXPECT_EQ(held.size(), 3U);
  EXPECT_EQ(all(held), samples);
}

TEST(HeldSpans, KeepsTheTypesOfFields) {
  const Field fields[] = {{"text", "a"}, {"i", -1}, {"u", 1U}, {"d", 0.5}, {"b", true}};
  HeldSpans held;
  SpanSample{.trace_id = kTrace}.as_ended([&](const EndedSpan& span) {
    EndedSpan with_fields = span;
    with_fields.context_fields = Fields(fields, 5);
    held.append(with_fields, held.place_for(with_fields));
  });
  const Resource resource;
  held.for_each(kTrace, resource, [&](const EndedSpan& span) {
    ASSERT_EQ(span.context_fields.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(span.context_fields[i], fields[i]);
  });
}

// A trace of a thousand spans with a large context, and one whose spans take turns with another.
TEST(HeldSpans, HoldsWhatSpansShareOnce) {
  const std::string large(2'000, 'x');
  HeldSpans held;
  for (int i = 0; i < 1'000; ++i) {
    append(
        held,
        {.trace_id = kTrace, .tracestate = i % 2 == 0 ? "a=1" : "b=1", .fields = {{"k", large}}});
  }
  EXPECT_LT(held.bytes(), 250'000U);
  EXPECT_EQ(all(held).back().fields.at(0).second, large);
}

TEST(HeldSpans, TellsContextsApart) {
  const std::vector<SpanSample> samples = {
      {.trace_id = kTrace, .fields = {{"k", "1"}}},
      {.trace_id = kTrace, .fields = {{"k", "2"}}},
      {.trace_id = kTrace, .fields = {{"l", "1"}}},
      {.trace_id = kTrace, .fields = {{"k", "1"}, {"l", "1"}}},
      {.trace_id = kTrace, .trace_name = "n", .fields = {{"k", "1"}}},
      {.trace_id = kTrace, .tracestate = "n", .fields = {{"k", "1"}}},
      {.trace_id = kTrace, .fields = {{"k", "1"}}},
  };
  HeldSpans held;
  for (const SpanSample& sample : samples) append(held, sample);
  EXPECT_EQ(all(held), samples);
}

TEST(HeldSpans, GrowsSeldom) {
  HeldSpans held;
  int growths = 0;
  for (int i = 0; i < 1'000; ++i) {
    const std::size_t before = held.bytes();
    append(held, {.trace_id = kTrace, .encoded = std::string(100, 'x')});
    growths += held.bytes() != before;
  }
  EXPECT_LE(growths, 12);
}

TEST(HeldSpans, CanBeUsedAgainOnceCleared) {
  HeldSpans held;
  append(held, {.trace_id = kTrace, .fields = {{"k", "1"}}});
  held.clear();
  EXPECT_EQ(held.bytes(), 0U);
  EXPECT_TRUE(all(held).empty());
  const SpanSample next{.trace_id = kTrace, .fields = {{"k", "1"}}};
  append(held, next);
  EXPECT_EQ(all(held), std::vector{next});
}

RC_GTEST_PROP(HeldSpansProperty, GivesBackWhatItWasGiven, ()) {
  const auto text = [](int most) {
    return std::string(static_cast<std::size_t>(*rc::gen::inRange(0, most)), 'x') +
           *rc::gen::arbitrary<std::string>();
  };
  std::vector<SpanSample> samples(*rc::gen::inRange<std::size_t>(0, 40));
  HeldSpans held;
  for (SpanSample& sample : samples) {
    sample.trace_id = kTrace;
    sample.name = text(50);
    sample.trace_name = *rc::gen::elementOf(std::vector<std::string>{"", "a", "b"});
    sample.encoded = text(*rc::gen::element(10, 300, 40'000));
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      sample.fields.emplace_back(std::to_string(i), *rc::gen::element(std::string("v"), text(90)));
    }
    append(held, sample);
  }
  RC_ASSERT(all(held) == samples);
  RC_ASSERT(held.size() == samples.size());
}

}  // namespace
}  // namespace waybill::internal
