#include <gtest/gtest.h>

#include <waybill/core/error.h>

namespace waybill {
namespace {

TEST(Error, NamesTheOptionItsValueAndWhatWouldBeRight) {
  EXPECT_STREQ(Error::bad_option("port", "70000", "0 to 65535").what(),
               "option 'port': '70000' is not valid: expected 0 to 65535");
}

}  // namespace
}  // namespace waybill
