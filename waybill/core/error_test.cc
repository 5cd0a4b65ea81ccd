#include <memory>

#include <gtest/gtest.h>

#include <waybill/core/error.h>

namespace waybill {
namespace {

TEST(Error, NamesTheOptionItsValueAndWhatWouldBeRight) {
  EXPECT_STREQ(Error::bad_option("port", "70000", "0 to 65535").what(),
               "option 'port': '70000' is not valid: expected 0 to 65535");
}

TEST(Error, TellsTheOptionItsValueAndWhatWouldBeRightApart) {
  std::unique_ptr<Error> copy;
  {
    const Error error = Error::bad_option("tls.ca_file", "': x", "a file");
    copy = std::make_unique<Error>(error);
  }
  const InvalidOption* const invalid = copy->invalid_option();
  ASSERT_NE(invalid, nullptr);
  EXPECT_EQ(invalid->option, "tls.ca_file");
  EXPECT_EQ(invalid->value, "': x");
  EXPECT_EQ(invalid->expected, "a file");
  EXPECT_EQ(Error("option 'a': 'b' is not valid: expected c").invalid_option(), nullptr);
}

}  // namespace
}  // namespace waybill
