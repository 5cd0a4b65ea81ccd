#include "zip_codes.h"

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>

namespace landscape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr const char* kHeader = "zip_code,latitude,longitude,city,state\n";

const ZipCodes& table() {
  static const ZipCodes zips =
      ZipCodes::load(std::filesystem::path(LANDSCAPE_DATA_DIR) / "zipcodes.csv");
  return zips;
}

// A file that is gone when the test ends.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& text)
      : path_(std::filesystem::path(testing::TempDir()) / ("zipcodes_" + name + ".csv")) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(ZipCodes, KnowsTheWholeTable) {
  EXPECT_EQ(table().size(), 42049U);
}

TEST(ZipCodes, FindsAPlace) {
  const auto place = table().find("98101");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->zip, "98101");
  EXPECT_EQ(place->city, "Seattle");
  EXPECT_EQ(place->state, "WA");
  EXPECT_NEAR(place->latitude, 47.4323, 1e-9);
  EXPECT_NEAR(place->longitude, -121.8034, 1e-9);
}

TEST(ZipCodes, KeepsLeadingZeros) {
  const auto place = table().find("00501");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->city, "Holtsville");
}

TEST(ZipCodes, FindsTheLastOne) {
  EXPECT_TRUE(table().find("99950"));
}

TEST(ZipCodes, AnswersNothingForWhatIsNoZipCodeOfTheTable) {
  for (const char* zip :
       {"", "00000", "99999", "9810", "981011", "98101-1234", "abcde", " 98101"}) {
    EXPECT_FALSE(table().find(zip)) << zip;
  }
}

TEST(ZipCodes, AMissingFileIsNamed) {
  EXPECT_THAT([] { ZipCodes::load("/nowhere/zipcodes.csv"); },
              ThrowsMessage<waybill::Error>(
                  AllOf(HasSubstr("/nowhere/zipcodes.csv"), HasSubstr("cannot be read"),
                        HasSubstr("zip_code,latitude,longitude,city,state"))));
}

TEST(ZipCodes, AFolderIsNoTable) {
  EXPECT_THAT([] { ZipCodes::load(testing::TempDir()); },
              ThrowsMessage<waybill::Error>(HasSubstr("cannot be read")));
}

TEST(ZipCodes, LinesMayEndInCarriageReturn) {
  const TemporaryFile file("CarriageReturn",
                           "zip_code,latitude,longitude,city,state\r\n00501,1,2,Holtsville,NY\r\n");
  const auto place = ZipCodes::load(file.path()).find("00501");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->state, "NY");
}

struct Broken {
  const char* name;
  std::string text;
  const char* line;
  const char* expected;
};

std::ostream& operator<<(std::ostream& out, const Broken& broken) {
  return out << broken.name;
}

class BrokenTable : public testing::TestWithParam<Broken> {};

TEST_P(BrokenTable, IsRefusedWithFileLineAndWhatIsExpected) {
  const TemporaryFile file(GetParam().name, GetParam().text);
  EXPECT_THAT([&] { ZipCodes::load(file.path()); },
              ThrowsMessage<waybill::Error>(
                  AllOf(HasSubstr(file.path().string() + GetParam().line),
                        HasSubstr(std::string("expected ") + GetParam().expected))));
}

INSTANTIATE_TEST_SUITE_P(
    ZipCodes, BrokenTable,
    testing::Values(
        Broken{"Empty", "", ":1:", "the columns"},
        Broken{"OtherHeader", "zip,city\n", ":1:", "the columns zip_code"},
        Broken{"NoRows", kHeader, ":2:", "a row"},
        Broken{"TooFewColumns", std::string(kHeader) + "00501,1,2,Holtsville\n",
               ":2:", "the columns"},
        Broken{"TooManyColumns", std::string(kHeader) + "00501,1,2,Holtsville,NY,x\n",
               ":2:", "the columns"},
        Broken{"BlankLine", std::string(kHeader) + "\n00501,1,2,Holtsville,NY\n",
               ":2:", "the columns"},
        Broken{"NoZip", std::string(kHeader) + "5O1,1,2,Holtsville,NY\n", ":2:", "a ZIP code"},
        Broken{"NoLatitude", std::string(kHeader) + "00501,north,2,Holtsville,NY\n",
               ":2:", "a number from -90 to 90"},
        Broken{"LatitudeBeyondThePole", std::string(kHeader) + "00501,90.1,2,Holtsville,NY\n",
               ":2:", "a number from -90 to 90"},
        Broken{"LatitudeNotANumber", std::string(kHeader) + "00501,nan,2,Holtsville,NY\n",
               ":2:", "a number from -90 to 90"},
        Broken{"LongitudeWithUnit", std::string(kHeader) + "00501,1,2W,Holtsville,NY\n",
               ":2:", "a number from -180 to 180"},
        Broken{"NoCity", std::string(kHeader) + "00501,1,2,,NY\n", ":2:", "the name of a city"},
        Broken{"NoState", std::string(kHeader) + "00501,1,2,Holtsville,ny\n",
               ":2:", "a state's two letters"},
        Broken{"NotSorted", std::string(kHeader) + "00502,1,2,A,NY\n00501,1,2,B,NY\n",
               ":3:", "ZIP codes in rising order"},
        Broken{"Twice", std::string(kHeader) + "00501,1,2,A,NY\n00501,1,2,B,NY\n",
               ":3:", "ZIP codes in rising order"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace landscape
