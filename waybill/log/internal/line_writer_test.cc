#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/log/internal/escape.h>
#include <waybill/log/internal/line_writer.h>

namespace waybill::internal {
namespace {

TEST(LineWriter, AppendsWhatIsFlushed) {
  std::string out = "before ";
  LineWriter line(out);
  line.put('a').put("bc").put(Literal("-def")).put_number(-1).put_bool(true);
  EXPECT_EQ(line.written(), out.size() + 13);
  EXPECT_EQ(out, "before ");
  line.flush();
  EXPECT_EQ(out, "before abc-def-1true");
}

TEST(LineWriter, OverlapsALiteralWithWhatStandsBefore) {
  std::string out;
  LineWriter line(out);
  line.put_without_first(Literal(" first")).put_without_first(Literal(", second"));
  line.flush();
  EXPECT_EQ(out, "first second");
}

TEST(LineWriter, TakesTheLongestLiteralsOneAfterTheOther) {
  const std::string longest(Literal::kMostSize, 'x');
  const Literal literal(longest);
  std::string out;
  std::string expected;
  LineWriter line(out);
  for (int i = 0; i < 20; ++i) {
    line.put(literal).put_without_first(literal);
    expected += longest + longest.substr(1);
  }
  line.flush();
  EXPECT_EQ(out, expected);
}

TEST(LineWriter, WritesTheWidestNumbers) {
  std::string out;
  LineWriter line(out);
  line.put_number(std::numeric_limits<std::int64_t>::min()).put(' ');
  line.put_number(-std::numeric_limits<double>::denorm_min()).put(' ');
  line.put_number(-std::numeric_limits<double>::infinity());
  line.flush();
  EXPECT_EQ(out, "-9223372036854775808 -5e-324 -inf");
}

RC_GTEST_PROP(LineWriter, HoldsTextsOfAnyLengthTogether, (const std::vector<std::string>& texts)) {
  std::string out;
  std::string expected;
  LineWriter line(out);
  for (const std::string& text : texts) {
    const std::string padded = text + std::string(*rc::gen::inRange(0, 600), '.');
    for (const char* p = padded.data(); p != padded.data() + padded.size();) {
      char room[kEscapeRoom];
      const EscapedPart part =
          escape_text(p, padded.data() + padded.size(), room, room + sizeof room);
      expected.append(room, part.written);
      p = part.read;
    }
    line.put_escaped(padded, escape_text);
  }
  line.flush();
  RC_ASSERT(out == expected);
}

}  // namespace
}  // namespace waybill::internal
