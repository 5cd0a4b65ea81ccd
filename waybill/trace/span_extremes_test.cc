// Spans that are more than there is room for, and blocks that are left while exceptions pass.
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>

#include <waybill/trace/internal/tracing_fixture.h>
#include <waybill/trace/tracer.h>

namespace waybill {
namespace {

using internal::TracingTest;

class SpanExtremesTest : public TracingTest {};

TEST_F(SpanExtremesTest, ANameBeyondAllLimitsIsCut) {
  set_up({.limits = {.bytes = 1024}});
  const std::string url(100'000, 'u');
  { const auto span = waybill::span("GET " + url); }
  const SpanData span = only();
  EXPECT_LT(span.name.size(), 1024U);
  EXPECT_GT(span.name.size(), 100U);
  EXPECT_EQ(span.name, ("GET " + url).substr(0, span.name.size()));
}

TEST_F(SpanExtremesTest, WhatWasLeftOutIsToldWhenAllBytesAreUsed) {
  set_up({.limits = {.bytes = 1024}});
  {
    auto span = waybill::span("full");
    for (int i = 0; i < 1'100; ++i) span.set("key " + std::to_string(i), std::string(1, 'x'));
    span.add_event("an event");
    span.set_error();
  }
  const SpanData span = only();
  EXPECT_EQ(span.status, SpanStatus::kError);
  EXPECT_GT(span.attributes.size(), 20U);
  EXPECT_EQ(span.attributes.size() + span.dropped_attributes, 1'100U);
  EXPECT_EQ(span.dropped_events, 1U);
}

// Of which one is on its way already when the block begins.
struct RollsBack {
  ~RollsBack() {
    const auto rollback = waybill::span("rollback");
    try {
      const auto attempt = waybill::span("attempt");
      throw std::runtime_error("inner");
    } catch (const std::runtime_error&) {
    }
  }
};

TEST_F(SpanExtremesTest, FailsOnlyByAnExceptionThatLeavesIt) {
  try {
    const auto transaction = waybill::span("transaction");
    const RollsBack rolls_back;
    throw std::runtime_error("outer");
  } catch (const std::runtime_error&) {
  }
  const auto spans = ended();
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0].name, "attempt");
  EXPECT_EQ(spans[0].status, SpanStatus::kError);
  EXPECT_EQ(spans[1].name, "rollback");
  EXPECT_EQ(spans[1].status, SpanStatus::kUnset);
  EXPECT_EQ(spans[2].name, "transaction");
  EXPECT_EQ(spans[2].status, SpanStatus::kError);
}

}  // namespace
}  // namespace waybill
