#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/core/json_escape.h>
#include <waybill/propagation/internal/json_scan.h>
#include <waybill/propagation/internal/json_unescape.h>

namespace waybill::internal {
namespace {

using namespace std::string_view_literals;

std::string escaped(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string unescaped(std::string_view spelled) {
  std::string storage;
  return std::string(unescape_json(spelled, storage));
}

TEST(JsonUnescape, CopiesNothingWithoutEscapes) {
  const std::string_view text = "plain";
  std::string storage;
  EXPECT_EQ(unescape_json(text, storage).data(), text.data());
}

TEST(JsonUnescape, ReadsEveryEscape) {
  EXPECT_EQ(unescaped(R"(a\"\\\/\b\f\n\r\tz)"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(unescaped(R"(\u0041\u00e9\u20AC\ud83d\uDE00\u0000)"),
            "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\0"sv);
}

TEST(JsonUnescape, ReplacesSurrogatesWithoutTheirOtherHalf) {
  const std::string replacement = "\xef\xbf\xbd";
  EXPECT_EQ(unescaped(R"(\ud83d)"), replacement);
  EXPECT_EQ(unescaped(R"(\ude00)"), replacement);
  EXPECT_EQ(unescaped(R"(\ud83dx)"), replacement + "x");
  EXPECT_EQ(unescaped(R"(\ud83d\n)"), replacement + "\n");
  EXPECT_EQ(unescaped(R"(\ud83d\ud83d\ude00)"), replacement + "\xf0\x9f\x98\x80");
  EXPECT_EQ(unescaped(R"(\ud83d\u0041)"), replacement + "A");
}

RC_GTEST_PROP(JsonUnescapeProperty, AnyBytesMakeAValidString, (const std::string& bytes)) {
  const std::string json = escaped(bytes);
  const char* const end = json.data() + json.size();
  RC_ASSERT(skip_json_string(json.data(), end) == end);
  const std::string text = unescaped(std::string_view(json).substr(1, json.size() - 2));
  RC_ASSERT(nlohmann::json::parse(json).get<std::string>() == text);
  RC_ASSERT(escaped(text) == json);
}

}  // namespace
}  // namespace waybill::internal
