#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/internal/plain_tracestate.h>
#include <waybill/propagation/internal/tracestate_members.h>

namespace waybill::internal {
namespace {

#ifdef __SSE2__
TEST(PlainTracestate, RecognisesTheUsualHeaders) {
  for (const std::string_view header :
       {"congo=t61rcWkgMzE,rojo=00f067aa0ba902b7", "a=1", "k_-9=!~ x", "0=b,c=d,e=f,g=h"}) {
    EXPECT_TRUE(is_plain_tracestate(header)) << header;
  }
  EXPECT_TRUE(is_plain_tracestate("k=" + std::string(61, 'v')));
}
#endif

TEST(PlainTracestate, LeavesEverythingElseToTheReader) {
  for (const std::string_view header :
       {"",      "a",        "=",        "a=",         "=1",    "a=1,",
        ",a=1",  "a=1,,b=2", "a=1, b=2", "a =1",       "a= 1",  "a=1 ",
        "a=1=2", "A=1",      "_a=1",     "-a=1",       "a*/=1", "a=1,a=2",
        "t@v=1", "a=\x7f",   "a=\x1f",   "a=\xc3\xa9", "a=1\t", "a=1,b=2,c=3,d=4,e=5"}) {
    EXPECT_FALSE(is_plain_tracestate(header)) << header;
  }
  EXPECT_FALSE(is_plain_tracestate("k=" + std::string(62, 'v')));
}

// Whatever it recognises, the reader takes as it is.
RC_GTEST_PROP(PlainTracestate, AgreesWithTheReader, ()) {
  const auto header = *rc::gen::container<std::string>(
      rc::gen::element('a', 'b', '0', '=', '=', ',', ' ', '_', '@', 'A', '~', '\t', '\x80'));
  if (is_plain_tracestate(header)) {
    TracestateMembers members;
    RC_ASSERT(members.read(header) == TracestateMembers::Result::kValid);
    RC_ASSERT(members.is_normal());
  }
}

RC_GTEST_PROP(PlainTracestate, AgreesWithTheReaderOnWellFormedLists, ()) {
  const auto count = *rc::gen::inRange(1, 6);
  std::string header;
  for (int i = 0; i < count; ++i) {
    const auto key =
        *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', 'b', '-')));
    const auto value = *rc::gen::container<std::string>(rc::gen::element('x', ' ', '!'));
    header += (i == 0 ? "" : ",") + key + "=" + value;
  }
  TracestateMembers members;
  const bool normal =
      members.read(header) == TracestateMembers::Result::kValid && members.is_normal();
  if (is_plain_tracestate(header)) RC_ASSERT(normal);
}

}  // namespace
}  // namespace waybill::internal
