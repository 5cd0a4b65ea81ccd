#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/init/internal/resource_attributes.h>

namespace waybill::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

ResourceAttributes parsed(std::string_view text) {
  const ParsedResourceAttributes result = parse_resource_attributes(text);
  EXPECT_EQ(result.expected, "") << text;
  return result.attributes;
}

TEST(ResourceAttributes, ReadsPairs) {
  EXPECT_THAT(parsed("service.version=1.4.0,team=weather"),
              ElementsAre(Pair("service.version", "1.4.0"), Pair("team", "weather")));
  EXPECT_THAT(parsed(" b = 2 ,\ta=1, ,"), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_THAT(parsed(""), IsEmpty());
  EXPECT_THAT(parsed("a="), ElementsAre(Pair("a", "")));
  EXPECT_THAT(parsed("a=b=c"), ElementsAre(Pair("a", "b=c")));
  EXPECT_THAT(parsed("a b=Grüße Welt"), ElementsAre(Pair("a b", "Grüße Welt")));
}

TEST(ResourceAttributes, DecodesKeysAndValues) {
  EXPECT_THAT(parsed("a%2Cb=1%3d2%2c3,c=%25%20%C3%BC"),
              ElementsAre(Pair("a,b", "1=2,3"), Pair("c", "% ü")));
  EXPECT_THAT(parsed("a=%20x+y%20"), ElementsAre(Pair("a", " x+y ")));
}

TEST(ResourceAttributes, TakesTheLastOfTheSameKey) {
  EXPECT_THAT(parsed("a=1,b=2,a=3,%61=4"), ElementsAre(Pair("a", "4"), Pair("b", "2")));
}

TEST(ResourceAttributes, SaysWhichPartIsWrong) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"a=1,b", "b"},
                                                                 {"a=1,=2", "=2"},
                                                                 {"a=%", "a=%"},
                                                                 {"a=%4", "a=%4"},
                                                                 {"a=%4g", "a=%4g"},
                                                                 {"%zz=1", "%zz=1"},
                                                                 {"a=%ff", "a=%ff"},
                                                                 {"a=%00", "a=%00"},
                                                                 {"x=1, a=\xc3\x28 ", "a=\xc3\x28"},
                                                                 {"%ED%A0%80=1", "%ED%A0%80=1"}};
  for (const auto& [text, part] : cases) {
    const ParsedResourceAttributes result = parse_resource_attributes(text);
    EXPECT_EQ(result.bad_part, part);
    EXPECT_NE(result.expected, "") << text;
    EXPECT_THAT(result.attributes, IsEmpty()) << text;
  }
}

TEST(ResourceAttributes, AreBoundedInSize) {
  const std::string most = "a=" + std::string(64 * 1024 - 2, 'x');
  EXPECT_EQ(parsed(most).size(), 1u);
  EXPECT_EQ(parse_resource_attributes(most + "x").expected, "at most 64 KiB");
}

RC_GTEST_PROP(ResourceAttributes, ComeBackAsTheyWereEncoded,
              (const std::map<std::string, std::string>& given)) {
  std::map<std::string, std::string> ascii;
  std::string text;
  const auto clean = [](std::string part) {
    for (char& c : part) c = static_cast<char>((c & 0x7f) == 0 ? 'x' : c & 0x7f);
    return part;
  };
  for (const auto& [key, value] : given) {
    if (!key.empty()) ascii[clean(key)] = clean(value);
  }
  const auto encode = [&text](const std::string& part) {
    constexpr char kDigits[] = "0123456789abcdef";
    for (const char c : part) {
      text += '%';
      text += kDigits[(c >> 4) & 15];
      text += kDigits[c & 15];
    }
  };
  for (const auto& [key, value] : ascii) {
    encode(key);
    text += '=';
    encode(value);
    text += ',';
  }
  RC_ASSERT(parse_resource_attributes(text).attributes ==
            ResourceAttributes(ascii.begin(), ascii.end()));
}

TEST(ResourceAttributes, CanBeSetAndFound) {
  ResourceAttributes attributes;
  set_attribute(attributes, "a", "1");
  set_attribute(attributes, "b", "2");
  set_attribute(attributes, "a", "3");
  EXPECT_THAT(attributes, ElementsAre(Pair("a", "3"), Pair("b", "2")));
  EXPECT_EQ(*find_attribute(attributes, "b"), "2");
  EXPECT_EQ(find_attribute(attributes, "c"), nullptr);
}

}  // namespace
}  // namespace waybill::internal
