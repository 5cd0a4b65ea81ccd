#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/init/internal/setting_value.h>
#include <waybill/init/internal/settings_fixture.h>
#include <waybill/init/internal/table_reader.h>

namespace waybill::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SettingValue value_of(SettingValue::Data data) {
  return {"section.key", "f.toml:7", std::move(data)};
}
SettingValue text(const char* content) {
  return value_of(std::string(content));
}
SettingValue variable(const char* content) {
  return value_of(SettingValue::Untyped{content});
}

// What it says of a value of the wrong type.
template <class Get>
std::string refusal(const SettingValue& value, Get get) {
  return error_of([&] { std::invoke(get, value); });
}

TEST(SettingValue, NamesItselfWhenItIsOfAnotherType) {
  EXPECT_EQ(refusal(text("yes"), &SettingValue::boolean),
            "option 'section.key' (f.toml:7): 'yes' is not valid: expected true or false");
  const SettingValue number = value_of(std::int64_t{7});
  for (const std::string& said :
       {refusal(number, &SettingValue::boolean), refusal(number, &SettingValue::text),
        refusal(number, &SettingValue::possibly_empty), refusal(number, &SettingValue::level),
        refusal(number, &SettingValue::names), refusal(number, &SettingValue::table),
        refusal(number, &SettingValue::list),
        refusal(number, &SettingValue::duration<std::chrono::seconds>)}) {
    EXPECT_THAT(said, HasSubstr("option 'section.key' (f.toml:7): '7' is not valid"));
  }
  for (const std::string& said :
       {refusal(text("x"), &SettingValue::bytes), refusal(text("x"), &SettingValue::count),
        refusal(text("x"), &SettingValue::port), refusal(text("x"), &SettingValue::level)}) {
    EXPECT_THAT(said, HasSubstr("option 'section.key' (f.toml:7): 'x' is not valid"));
  }
  EXPECT_THAT(refusal(value_of(SettingValue::Table{}), &SettingValue::scalar),
              HasSubstr("'a table' is not valid"));
  EXPECT_THAT(refusal(value_of(SettingValue::List{}), &SettingValue::scalar),
              HasSubstr("'a list' is not valid"));
  EXPECT_THAT(refusal(value_of(SettingValue::DateOrTime{}), &SettingValue::scalar),
              HasSubstr("'a date or time' is not valid"));
}

TEST(SettingValue, IsOfItsType) {
  EXPECT_TRUE(value_of(true).boolean());
  EXPECT_EQ(text("a").text(), "a");
  EXPECT_EQ(text("").possibly_empty(), "");
  EXPECT_EQ(text("Debug").level(), Level::kDebug);
  EXPECT_EQ(text("64KiB").bytes(), 65'536u);
  EXPECT_EQ(value_of(std::int64_t{4096}).bytes(), 4096u);
  EXPECT_EQ(value_of(std::int64_t{14}).count(), 14u);
  EXPECT_EQ(value_of(std::int64_t{0}).duration<std::chrono::seconds>().count(), 0);
  EXPECT_EQ(text("1500ms").duration<std::chrono::milliseconds>().count(), 1500);
}

TEST(SettingValue, IsTakenForTextWhereAnyScalarWillDo) {
  EXPECT_EQ(value_of(true).scalar(), "true");
  EXPECT_EQ(value_of(std::int64_t{-3}).scalar(), "-3");
  EXPECT_EQ(value_of(0.5).scalar(), "0.5");
  EXPECT_EQ(text("a b").scalar(), "a b");
}

TEST(SettingValue, OfAVariableIsReadAsWhateverIsAskedFor) {
  EXPECT_TRUE(variable("TRUE").boolean());
  EXPECT_FALSE(variable("false").boolean());
  EXPECT_EQ(variable("8192").bytes(), 8192u);
  EXPECT_THAT(refusal(variable("1"), &SettingValue::boolean), HasSubstr("'1' is not valid"));
  EXPECT_THAT(refusal(text("true"), &SettingValue::boolean), HasSubstr("'true' is not valid"));
}

TEST(SettingValue, HasBounds) {
  const auto number = [](std::int64_t n) { return value_of(n); };
  EXPECT_EQ(number(65'535).port(), 65'535);
  EXPECT_THAT(refusal(number(65'536), &SettingValue::port), HasSubstr("'65536'"));
  EXPECT_THAT(refusal(number(0), &SettingValue::port), HasSubstr("'0'"));
  EXPECT_THAT(refusal(number(-1), &SettingValue::bytes), HasSubstr("'-1'"));
  EXPECT_THAT(refusal(number(-1), &SettingValue::count), HasSubstr("'-1'"));
  EXPECT_THAT(refusal(value_of(std::string("a\0b", 3)), &SettingValue::text), HasSubstr("a\\x00b"));
  EXPECT_THAT(refusal(text(""), &SettingValue::text), HasSubstr("expected a text"));
  EXPECT_THAT(refusal(text("1500ms"), &SettingValue::duration<std::chrono::seconds>),
              HasSubstr("'1500ms' is not valid: expected whole seconds"));
  EXPECT_THAT(refusal(text("5us"), &SettingValue::duration<std::chrono::milliseconds>),
              HasSubstr("expected whole milliseconds"));
}

TEST(SettingValue, IsAListOfNames) {
  EXPECT_THAT(text(" a, b,,c ").names(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(value_of(SettingValue::List{text("a,b"), text("c")}).names(),
              ElementsAre("a,b", "c"));
  EXPECT_THAT(text("").names(), IsEmpty());
}

TEST(SettingValue, IsOneOfSeveralNames) {
  constexpr SettingValue::Choice<int> kChoices[] = {{"drop", 1}, {"wait", 2}};
  EXPECT_EQ(text("WAIT").one_of(kChoices), 2);
  EXPECT_EQ(error_of([&] { text("weit").one_of(kChoices); }),
            "option 'section.key' (f.toml:7): 'weit' is not valid: expected drop, wait");
  EXPECT_EQ(SettingValue::name_in(kChoices, 1), "drop");
}

TEST(TableReader, FindsWhatNobodyHasAskedFor) {
  SettingValue table("log", "f.toml:1", SettingValue::Table{});
  table.member("level") = {"log.level", "f.toml:2", std::string("info")};
  table.member("colour") = {"log.colour", "f.toml:3", std::string("auto")};
  TableReader reader(&table);
  Level level = Level::kOff;
  reader.read("level", level, &SettingValue::level);
  EXPECT_EQ(level, Level::kInfo);
  EXPECT_EQ(error_of([&] { reader.refuse_others(); }),
            "option 'log.colour' (f.toml:3) is not known: there are level");
  EXPECT_EQ(error_of([&] { reader.refuse_others({"colour"}, "format = \"json\""); }),
            "option 'log.colour' (f.toml:3): does not go with format = \"json\"");
  reader.find("colour");
  EXPECT_EQ(error_of([&] { reader.refuse_others(); }), "");
}

TEST(TableReader, TakesNothingForAnEmptyTable) {
  TableReader reader(nullptr);
  EXPECT_EQ(reader.find("level"), nullptr);
  reader.refuse_others();
}

}  // namespace
}  // namespace waybill::internal
