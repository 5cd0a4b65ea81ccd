#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/init/internal/settings_fixture.h>
#include <waybill/init/internal/toml_file.h>

namespace waybill::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(TomlFile, BecomesATreeWithThePlacesOfItsValues) {
  const SettingValue tree = parse_toml(
      "service = 'weather'\n"
      "[pipeline]\n"
      "synchronous = true\n"
      "ring_bytes = 4096\n"
      "[[log.output]]\n"
      "rename = {time = 'ts'}\n",
      "w.toml");
  EXPECT_EQ(tree.find("service")->text(), "weather");
  EXPECT_EQ(tree.find("service")->place(), "w.toml:1");
  const SettingValue* pipeline = tree.find("pipeline");
  EXPECT_TRUE(pipeline->find("synchronous")->boolean());
  EXPECT_EQ(pipeline->find("ring_bytes")->bytes(), 4096u);
  EXPECT_EQ(pipeline->find("ring_bytes")->option(), "pipeline.ring_bytes");
  EXPECT_EQ(pipeline->find("ring_bytes")->place(), "w.toml:4");
  const SettingValue& output = tree.find("log")->find("output")->list().front();
  EXPECT_EQ(output.option(), "log.output");
  EXPECT_EQ(output.place(), "w.toml:5");
  EXPECT_EQ(output.find("rename")->find("time")->text(), "ts");
}

TEST(TomlFile, HasValuesOfEachType) {
  const SettingValue tree = parse_toml("f = 0.5\nl = ['a', 'b']\nd = 2026-11-20\n", "w.toml");
  EXPECT_EQ(tree.find("f")->scalar(), "0.5");
  EXPECT_THAT(tree.find("l")->names(), ElementsAre("a", "b"));
  EXPECT_THAT(error_of([&] { tree.find("d")->scalar(); }), HasSubstr("'a date or time'"));
}

TEST(TomlFile, SaysWhereItIsNoToml) {
  EXPECT_THAT(error_of([] { parse_toml("a = 1\nb = \n", "w.toml"); }), StartsWith("w.toml:2:"));
  EXPECT_THAT(error_of([] { parse_toml("a = 1\na = 2\n", "w.toml"); }), StartsWith("w.toml:2:"));
  EXPECT_THAT(error_of([] { parse_toml("a = '\xff'\n", "w.toml"); }), StartsWith("w.toml:1:"));
  EXPECT_THAT(error_of([] { parse_toml("a = " + std::string(100'000, '['), "w.toml"); }),
              StartsWith("w.toml:1:"));
}

TEST(TomlFile, NamesTheFileThatCannotBeRead) {
  const SettingsFolder folder;
  const std::string missing = folder / "missing.toml";
  EXPECT_EQ(error_of([&] { read_toml_file(missing, "file", "in code"); }),
            "option 'file' (in code): '" + missing +
                "' is not valid: expected a TOML file (No such file or directory)");
  EXPECT_THAT(error_of([&] { read_toml_file(folder / ".", "file", "in code"); }),
              HasSubstr("(Is a directory)"));
}

TEST(TomlFile, IsBoundedInSize) {
  const SettingsFolder folder;
  const std::string most = folder.write("most.toml", std::string(kLargestTomlFile, '\n'));
  const std::string more = folder.write("more.toml", std::string(kLargestTomlFile + 1, '\n'));
  EXPECT_TRUE(read_toml_file(most, "file", "in code").table().empty());
  EXPECT_THAT(error_of([&] { read_toml_file(more, "file", "in code"); }), HasSubstr("1 MiB"));
}

}  // namespace
}  // namespace waybill::internal
