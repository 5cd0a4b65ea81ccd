#include <gtest/gtest.h>

#include <waybill/core/scope.h>
#include <waybill/core/trace_text.h>

namespace waybill {
namespace {

TEST(TraceText, IsTheNameElseTheIdElseNothing) {
  EXPECT_EQ(trace_text(), "");
  const Context named = Context::new_trace({.name = "batch-7"});
  EXPECT_EQ(trace_text(named), "batch-7");
  const Context numbered = Context::new_trace();
  const Scope scope{numbered};
  EXPECT_EQ(trace_text(), numbered.trace_id().to_hex());
}

}  // namespace
}  // namespace waybill
