#include <limits>

#include <gtest/gtest.h>

#include <waybill/core/field.h>

namespace waybill {
namespace {

using Type = FieldValue::Type;

TEST(FieldValue, KeepsTheTypeOfWhatItWasMadeFrom) {
  EXPECT_EQ(FieldValue("text").type(), Type::kString);
  EXPECT_EQ(FieldValue(std::string("text")).type(), Type::kString);
  EXPECT_EQ(FieldValue(std::string_view("text")).type(), Type::kString);
  EXPECT_EQ(FieldValue(1).type(), Type::kInt64);
  EXPECT_EQ(FieldValue(-1L).type(), Type::kInt64);
  EXPECT_EQ(FieldValue(1U).type(), Type::kUint64);
  EXPECT_EQ(FieldValue(std::size_t{1}).type(), Type::kUint64);
  EXPECT_EQ(FieldValue(1.0F).type(), Type::kDouble);
  EXPECT_EQ(FieldValue(true).type(), Type::kBool);
  EXPECT_EQ(FieldValue().as_string(), "");
}

TEST(FieldValue, PrintsEveryType) {
  EXPECT_EQ(FieldValue("text").to_string(), "text");
  EXPECT_EQ(FieldValue(std::numeric_limits<std::int64_t>::min()).to_string(),
            "-9223372036854775808");
  EXPECT_EQ(FieldValue(std::numeric_limits<std::uint64_t>::max()).to_string(),
            "18446744073709551615");
  EXPECT_EQ(FieldValue(0.1).to_string(), "0.1");
  EXPECT_EQ(FieldValue(true).to_string(), "true");
  EXPECT_EQ(FieldValue(false).to_string(), "false");
}

TEST(FieldValue, IsEqualOnlyInTypeAndValue) {
  EXPECT_EQ(FieldValue("a"), FieldValue(std::string("a")));
  EXPECT_FALSE(FieldValue("a") == FieldValue("b"));
  EXPECT_EQ(FieldValue(1), FieldValue(1L));
  EXPECT_FALSE(FieldValue(1) == FieldValue(1U));
  EXPECT_FALSE(FieldValue(1) == FieldValue(true));
  EXPECT_EQ(FieldValue(2U), FieldValue(2UL));
  EXPECT_EQ(FieldValue(0.5), FieldValue(0.5));
  EXPECT_EQ(FieldValue(true), FieldValue(true));
}

TEST(Fields, FindsByKey) {
  const Field list[] = {{"a", 1}, {"b", "two"}};
  const Fields fields(list, 2);
  EXPECT_EQ(fields.size(), 2U);
  EXPECT_FALSE(fields.empty());
  EXPECT_EQ(fields[1].key, "b");
  ASSERT_NE(fields.find("b"), nullptr);
  EXPECT_EQ(fields.find("b")->value.as_string(), "two");
  EXPECT_EQ(fields.find("c"), nullptr);
  EXPECT_TRUE(Fields().empty());
}

}  // namespace
}  // namespace waybill
