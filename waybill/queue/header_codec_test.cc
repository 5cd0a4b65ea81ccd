#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/queue/internal/header_codec.h>

namespace waybill::queue::internal {
namespace {

RC_GTEST_PROP(HeaderCodec, ReadsWhatItWrites, (const Headers& headers)) {
  RC_ASSERT(decode(encode(headers)) == headers);
}

RC_GTEST_PROP(HeaderCodec, ReadsAnyBytesWithoutHarm, (const std::string& bytes)) {
  const std::optional<Headers> headers = decode(bytes);
  if (headers) RC_ASSERT(encode(*headers) == bytes);
}

TEST(HeaderCodec, WritesSizesInFourBytesLittleEndian) {
  EXPECT_EQ(encode({{"ab", ""}}), std::string("\2\0\0\0ab\0\0\0\0", 10));
  EXPECT_EQ(encode({}), "");
}

TEST(HeaderCodec, RefusesWhatIsCutShort) {
  const std::string whole = encode({{"name", "value"}});
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(decode(std::string_view(whole).substr(0, size))) << size;
  }
  EXPECT_FALSE(decode("\xff\xff\xff\xff"));
}

}  // namespace
}  // namespace waybill::queue::internal
