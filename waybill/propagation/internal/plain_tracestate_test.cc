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
       {"congo=t61rcWkgMzE,rojo=00f067aa0ba902b7", "a=1", "k_-9=!~ x", "0=b,c=d,e=f,g=h,i=j"}) {
    EXPECT_TRUE(is_plain_tracestate(header)) << header;
  }
  EXPECT_TRUE(is_plain_tracestate("k=" + std::string(61, 'v')));
}
#endif

TEST(PlainTracestate, LeavesEverythingElseToTheReader) {
  for (const std::string_view header :
       {"",         "a",     "=",      "a=",     "=1",         "a=1,", ",a=1", "a=1,,b=2",
        "a=1, b=2", "a =1",  "a=1 ",   "a=1=2",  "A=1",        "_a=1", "-a=1", "a*/=1",
        "a=1,a=2",  "t@v=1", "a=\x7f", "a=\x1f", "a=\xc3\xa9", "a=1\t"}) {
    EXPECT_FALSE(is_plain_tracestate(header)) << header;
  }
  EXPECT_FALSE(is_plain_tracestate("k=" + std::string(62, 'v')));
}

#ifdef __SSE2__
// Every text of up to eight of these characters: recognised if and only if the reader takes it as
// it is.
TEST(PlainTracestate, AgreesWithTheReaderOnEveryShortText) {
  constexpr std::string_view kAlphabet = "ab=, -";
  std::string header;
  const auto check = [&](auto& self) -> void {
    TracestateMembers members;
    const bool normal = members.read(header) == TracestateMembers::Result::kValid &&
                        members.is_normal() && members.size() > 0;
    ASSERT_EQ(is_plain_tracestate(header), normal) << '"' << header << '"';
    if (header.size() == 8) return;
    for (const char c : kAlphabet) {
      header.push_back(c);
      self(self);
      header.pop_back();
    }
  };
  check(check);
}
#endif

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
