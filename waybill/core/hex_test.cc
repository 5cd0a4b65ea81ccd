#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/core/hex.h>

namespace waybill::hex {
namespace {

TEST(Hex, KnowsTheDigits) {
  EXPECT_EQ(digit('0'), 0);
  EXPECT_EQ(digit('a'), 10);
  EXPECT_EQ(digit('F'), 15);
  EXPECT_EQ(lowercase_digit('f'), 15);
  EXPECT_EQ(lowercase_digit('F'), -1);
  for (const char c : {'/', ':', '@', 'G', '`', 'g', '\0', '\x80', '\xff'}) EXPECT_EQ(digit(c), -1);
}

RC_GTEST_PROP(Hex, EncodesSixteenBytesAsOneByOne, ()) {
  const auto bytes =
      *rc::gen::container<std::vector<std::uint8_t>>(16, rc::gen::arbitrary<std::uint8_t>());
  std::string expected(32, '\0');
  char* out = expected.data();
  for (const std::uint8_t byte : bytes) out = encode_byte(byte, out);

  std::string sixteen(32, '\0');
  RC_ASSERT(encode16(bytes.data(), sixteen.data()) == sixteen.data() + 32);
  RC_ASSERT(sixteen == expected);
  std::string eight(16, '\0');
  RC_ASSERT(encode8(bytes.data(), eight.data()) == eight.data() + 16);
  RC_ASSERT(eight == expected.substr(0, 16));

  std::uint8_t back16[16];
  std::uint8_t back8[8];
  RC_ASSERT(decode_lowercase_16_and_8(sixteen.data(), back16, eight.data(), back8));
  RC_ASSERT(std::equal(bytes.begin(), bytes.end(), back16));
  RC_ASSERT(std::equal(back8, back8 + 8, bytes.begin()));
}

TEST(Hex, RefusesEveryCharacterThatIsNoLowercaseDigitInEveryPlace) {
  const std::string good = "0123456789abcdef0123456789abcdef0123456789abcdef";
  std::uint8_t out16[16];
  std::uint8_t out8[8];
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string text = good;
      text[at] = static_cast<char>(c);
      EXPECT_EQ(decode_lowercase_16_and_8(text.data(), out16, text.data() + 32, out8),
                lowercase_digit(static_cast<char>(c)) >= 0)
          << "character " << c << " at " << at;
    }
  }
}

TEST(Hex, DecodesEitherCaseByteByByte) {
  std::uint8_t out[2];
  EXPECT_TRUE(decode("aBcD", out, 2));
  EXPECT_EQ(out[0], 0xab);
  EXPECT_EQ(out[1], 0xcd);
  EXPECT_FALSE(decode("aBcx", out, 2));
}

}  // namespace
}  // namespace waybill::hex
