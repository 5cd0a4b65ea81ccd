// What a span carries, as it comes out at the other end.
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <waybill/core/core.h>
#include <waybill/trace/internal/tracing_fixture.h>
#include <waybill/trace/tracer.h>

namespace waybill {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;
using Owned = OwnedAttributeValue;

class SpanContentTest : public internal::TracingTest {
 protected:
  // Of a span that `fill` was given.
  template <class Fill>
  SpanData recorded(Fill fill) {
    {
      auto span = waybill::span("operation");
      fill(span);
    }
    return only();
  }
  Owned value(const AttributeValue& given) {
    const SpanData span = recorded([&](Span& s) { s.set("key", given); });
    const Owned* found = span.find("key");
    return found != nullptr ? *found : Owned("(none)");
  }
};

TEST_F(SpanContentTest, KeepsAttributesOfEveryType) {
  EXPECT_EQ(value("text"), Owned("text"));
  EXPECT_EQ(value(""), Owned(""));
  EXPECT_EQ(value(std::string(1'000, 'x')), Owned(std::string(1'000, 'x')));
  EXPECT_EQ(value(-1), Owned(std::int64_t{-1}));
  EXPECT_EQ(value(std::numeric_limits<std::int64_t>::min()),
            Owned(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(value(7U), Owned(std::int64_t{7}));
  EXPECT_EQ(value(std::numeric_limits<std::uint64_t>::max()), Owned("18446744073709551615"));
  EXPECT_EQ(value(0.1), Owned(0.1));
  EXPECT_EQ(value(true), Owned(true));
  EXPECT_EQ(value(false), Owned(false));
}

TEST_F(SpanContentTest, KeepsLists) {
  EXPECT_EQ(value(std::vector<std::string>{"a", "", "c"}),
            Owned(std::vector<std::string>{"a", "", "c"}));
  EXPECT_EQ(value(std::vector<std::string_view>{"a"}), Owned(std::vector<std::string>{"a"}));
  EXPECT_EQ(value(std::vector<std::int64_t>{1, -1}), Owned(std::vector<std::int64_t>{1, -1}));
  EXPECT_EQ(value(std::vector<double>{0.5, 0}), Owned(std::vector<double>{0.5, 0}));
  const bool flags[] = {true, false};
  EXPECT_EQ(value(std::span<const bool>(flags)), Owned(std::vector<bool>{true, false}));
}

TEST_F(SpanContentTest, TheLastValueOfAKeyCounts) {
  {
    auto span = waybill::span("operation", {{"a", 1}, {"b", 1}, {"a", 2}});
    span.set("b", "two").set("c", 3).set({{"c", 4.0}, {"d", true}});
  }
  const SpanData span = only();
  EXPECT_EQ(span.attributes, (std::vector<OwnedAttribute>{
                                 {"a", std::int64_t{2}}, {"b", "two"}, {"c", 4.0}, {"d", true}}));
}

TEST_F(SpanContentTest, TakesAnotherName) {
  const SpanData span = recorded([](Span& s) {
    s.set("before", 1).set_name("GET /users/{id}").set("after", 2).set_name("last");
  });
  EXPECT_EQ(span.name, "last");
  EXPECT_EQ(span.attributes.size(), 2U);
}

TEST_F(SpanContentTest, KeepsEventsWithTheirTimes) {
  const auto before = std::chrono::system_clock::now();
  const SpanData span = recorded([](Span& s) {
    s.add_event("first", {{"key", "value"}});
    s.add_event("second");
  });
  ASSERT_EQ(span.events.size(), 2U);
  EXPECT_EQ(span.events[0].name, "first");
  EXPECT_EQ(span.events[0].attributes, (std::vector<OwnedAttribute>{{"key", "value"}}));
  EXPECT_EQ(span.events[1].name, "second");
  EXPECT_GE(span.events[0].time, before - 1ms);
  EXPECT_GE(span.events[0].time, span.start);
  EXPECT_GE(span.events[1].time, span.events[0].time);
  EXPECT_LE(span.events[1].time, span.end);
}

TEST_F(SpanContentTest, KeepsLinksWithTheirAttributes) {
  const Context other = Context::new_trace({.tracestate = "a=1"});
  const Attribute why[] = {{"why", "retry"}};
  const SpanData span = recorded([&](Span& s) { s.add_link(Link(other, why)); });
  ASSERT_EQ(span.links.size(), 1U);
  EXPECT_EQ(span.links[0].trace_id, other.trace_id());
  EXPECT_EQ(span.links[0].span_id, other.span_id());
  EXPECT_EQ(span.links[0].flags, other.flags());
  EXPECT_EQ(span.links[0].tracestate, "a=1");
  EXPECT_EQ(span.links[0].attributes, (std::vector<OwnedAttribute>{{"why", "retry"}}));
}

// As OTLP wants it: keys are unique.
TEST_F(SpanContentTest, TheLastValueOfAKeyCountsInEventsAndLinks) {
  const Attribute given[] = {{"a", 1}, {"b", "one"}, {"a", "two"}, {"b", 2}, {"a", 3}, {"c", 4}};
  const std::vector<OwnedAttribute> expected = {
      {"a", std::int64_t{3}}, {"b", std::int64_t{2}}, {"c", std::int64_t{4}}};
  const Context other = Context::new_trace();
  const SpanData span = recorded([&](Span& s) {
    s.add_event("event", {{"a", 1}, {"b", "one"}, {"a", "two"}, {"b", 2}, {"a", 3}, {"c", 4}});
    s.add_event("timed", std::chrono::system_clock::time_point(1s), given);
    s.add_link(Link(other, given));
  });
  ASSERT_EQ(span.events.size(), 2U);
  EXPECT_EQ(span.events[0].attributes, expected);
  EXPECT_EQ(span.events[1].attributes, expected);
  EXPECT_EQ(span.events[1].dropped_attributes, 0U);
  ASSERT_EQ(span.links.size(), 1U);
  EXPECT_EQ(span.links[0].attributes, expected);
}

// A key that has a place keeps it, as in a span, and what is left out is what has none.
TEST_F(SpanContentTest, KeysThatComeAgainTakeNoRoomInEvents) {
  set_up({.limits = {.attributes_per_event = 2}});
  const SpanData span = recorded([](Span& s) {
    s.add_event("event", {{"a", 1}, {"a", 2}, {"b", 1}, {"c", 1}, {"b", 2}, {"d", 1}});
    s.add_event("fits", {{"a", 1}, {"a", 2}, {"b", 3}});
  });
  ASSERT_EQ(span.events.size(), 2U);
  EXPECT_EQ(span.events[0].attributes,
            (std::vector<OwnedAttribute>{{"a", std::int64_t{2}}, {"b", std::int64_t{2}}}));
  EXPECT_EQ(span.events[0].dropped_attributes, 2U);
  EXPECT_EQ(span.events[1].attributes,
            (std::vector<OwnedAttribute>{{"a", std::int64_t{2}}, {"b", std::int64_t{3}}}));
  EXPECT_EQ(span.events[1].dropped_attributes, 0U);
}

TEST_F(SpanContentTest, StatusIsAsTheLastWordSaysAndOkIsFinal) {
  SpanData span = recorded([](Span& s) { s.set_error("first").set_error("second"); });
  EXPECT_EQ(span.status, SpanStatus::kError);
  EXPECT_EQ(span.status_message, "second");
  span =
      recorded([](Span& s) { s.set_error("failed").set_status(SpanStatus::kOk).set_error("no"); });
  EXPECT_EQ(span.status, SpanStatus::kOk);
  EXPECT_EQ(span.status_message, "");
}

TEST_F(SpanContentTest, RecordsAnException) {
  const SpanData span = recorded([](Span& s) {
    try {
      throw std::out_of_range("no such page");
    } catch (const std::exception& e) {
      s.record_exception(e);
    }
  });
  EXPECT_EQ(span.status, SpanStatus::kError);
  EXPECT_EQ(span.status_message, "no such page");
  ASSERT_EQ(span.events.size(), 1U);
  EXPECT_EQ(span.events[0].name, "exception");
  EXPECT_EQ(span.events[0].attributes,
            (std::vector<OwnedAttribute>{{"exception.type", "std::out_of_range"},
                                         {"exception.message", "no such page"}}));
}

TEST_F(SpanContentTest, RecordsWhatCausedAnException) {
  const SpanData span = recorded([](Span& s) {
    try {
      try {
        throw std::runtime_error("connection refused");
      } catch (...) {
        std::throw_with_nested(std::logic_error("no weather"));
      }
    } catch (...) {
      s.record_exception();
    }
  });
  ASSERT_EQ(span.events.size(), 1U);
  ASSERT_EQ(span.events[0].attributes.size(), 3U);
  EXPECT_EQ(span.events[0].attributes[0].value, Owned("std::logic_error"));
  EXPECT_THAT(std::get<std::string>(span.events[0].attributes[2].value),
              HasSubstr("std::runtime_error: connection refused"));
}

TEST_F(SpanContentTest, WhatIsBeyondTheLimitsIsCounted) {
  set_up({.limits = {.attributes = 2,
                     .events = 1,
                     .links = 1,
                     .attributes_per_event = 1,
                     .attributes_per_link = 0,
                     .attribute_value_length = 4}});
  const Context other = Context::new_trace();
  const Attribute why[] = {{"why", "retry"}};
  const SpanData span = recorded([&](Span& s) {
    s.set("a", "long text").set("b", "gr\u00fc\u00dfe").set("c", 3).set("a", "new").set("d", 4);
    s.add_event("kept", {{"x", 1}, {"y", 2}}).add_event("lost");
    s.add_link(Link(other, why)).add_link(Link(other));
  });
  EXPECT_EQ(span.attributes, (std::vector<OwnedAttribute>{{"b", "gr\u00fc\u00df"}, {"a", "new"}}));
  EXPECT_EQ(span.dropped_attributes, 2U);
  ASSERT_EQ(span.events.size(), 1U);
  EXPECT_EQ(span.events[0].attributes.size(), 1U);
  EXPECT_EQ(span.events[0].dropped_attributes, 1U);
  EXPECT_EQ(span.dropped_events, 1U);
  ASSERT_EQ(span.links.size(), 1U);
  EXPECT_EQ(span.links[0].dropped_attributes, 1U);
  EXPECT_EQ(span.dropped_links, 1U);
}

TEST_F(SpanContentTest, GrowsUpToItsBytes) {
  set_up({.limits = {.bytes = 8 * 1024}});
  const SpanData span = recorded([](Span& s) {
    for (int i = 0; i < 100; ++i) s.set("key " + std::to_string(i), std::string(200, 'x'));
  });
  EXPECT_EQ(span.attributes.size() + span.dropped_attributes, 100U);
  EXPECT_GT(span.attributes.size(), 30U);
  EXPECT_LT(span.attributes.size(), 40U);
}

// Any attributes, set in any order and over each other, come out as the last of each key.
RC_GTEST_FIXTURE_PROP(SpanContentTest, AnyAttributesComeOut, ()) {
  const auto texts = rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const auto keys = rc::gen::element<std::string>("a", "bb", "a longer key", std::string(70, 'k'),
                                                  std::string(200, 'k'));
  const int count = *rc::gen::inRange(0, 40);
  std::map<std::string, Owned> expected;
  {
    auto span = waybill::span("operation");
    for (int i = 0; i < count; ++i) {
      const std::string key = *keys;
      Owned owned;
      switch (*rc::gen::inRange(0, 8)) {
        case 0:
          owned = *texts;
          break;
        case 1:
          owned = *rc::gen::arbitrary<std::int64_t>();
          break;
        case 2:
          owned = *rc::gen::arbitrary<double>();
          break;
        case 3:
          owned = *rc::gen::arbitrary<bool>();
          break;
        case 4:
          owned = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(texts));
          break;
        case 5:
          owned = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::int64_t>>());
          break;
        case 6:
          owned = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<double>>());
          break;
        default:
          owned = std::string(*rc::gen::inRange(0, 3'000), 'x');
          break;
      }
      std::visit(
          [&]<class T>(const T& it) {
            if constexpr (!std::is_same_v<T, std::vector<bool>>) span.set(key, it);
          },
          owned);
      expected[key] = owned;
      if (*rc::gen::inRange(0, 10) == 0) span.add_event("event", {{"key", key}});
    }
  }
  const SpanData span = only();
  std::map<std::string, Owned> seen;
  for (const OwnedAttribute& attribute : span.attributes) seen[attribute.key] = attribute.value;
  RC_ASSERT(span.attributes.size() == seen.size());
  if (span.dropped_attributes == 0) RC_ASSERT(seen == expected);
}

}  // namespace
}  // namespace waybill
