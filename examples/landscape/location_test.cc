#include "location.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/core/error.h>

namespace landscape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

nlohmann::json seattle() {
  return {{"zip", "98101"},
          {"city", "Seattle"},
          {"state", "WA"},
          {"latitude", 47.4323},
          {"longitude", -121.8034}};
}

TEST(Distance, IsAlongTheGreatCircle) {
  // Seattle to New York, and a quarter of the Earth's circumference.
  EXPECT_NEAR(distance_km(47.6062, -122.3321, 40.7128, -74.0060), 3866, 5);
  EXPECT_NEAR(distance_km(0, 0, 0, 90), 10007.6, 0.1);
}

TEST(Distance, IsZeroToItselfAndTheSameBothWays) {
  EXPECT_EQ(distance_km(47.6, -122.3, 47.6, -122.3), 0);
  EXPECT_DOUBLE_EQ(distance_km(10, 20, -30, 150), distance_km(-30, 150, 10, 20));
}

TEST(Distance, CrossesTheDateLineTheShortWay) {
  EXPECT_NEAR(distance_km(0, 179, 0, -179), 222.4, 0.1);
}

TEST(Distance, ReachesTheOtherEndOfTheEarth) {
  EXPECT_NEAR(distance_km(90, 0, -90, 0), 20015, 1);
}

TEST(LocationJson, HasTheNamedMembers) {
  const Location place{"98101", "Seattle", "WA", 47.4323, -121.8034};
  EXPECT_EQ(nlohmann::json(place), seattle());
}

RC_GTEST_PROP(LocationJson, ComesBackAsItWas, (int latitude, int longitude)) {
  const Location place{"00501", "Cañon City", "CO", (latitude % 900000) / 10000.0,
                       (longitude % 1800000) / 10000.0};
  const std::string text = nlohmann::json(place).dump();
  RC_ASSERT(nlohmann::json::parse(text).get<Location>() == place);
}

TEST(LocationJson, NamesAMissingMember) {
  for (const char* name : {"zip", "city", "state", "latitude", "longitude"}) {
    nlohmann::json json = seattle();
    json.erase(name);
    EXPECT_THAT([&] { json.get<Location>(); },
                ThrowsMessage<waybill::Error>(AllOf(HasSubstr(name), HasSubstr("missing"))))
        << name;
  }
}

TEST(LocationJson, RefusesOtherTypesAndValuesOutOfRange) {
  const std::pair<const char*, nlohmann::json> wrong[] = {
      {"zip", 98101},        {"city", nullptr},   {"state", std::string(201, 'x')},
      {"latitude", "47"},    {"latitude", 90.5},  {"latitude", nullptr},
      {"longitude", -180.5}, {"longitude", true},
  };
  for (const auto& [name, value] : wrong) {
    nlohmann::json json = seattle();
    json[name] = value;
    EXPECT_THAT([&] { json.get<Location>(); }, ThrowsMessage<waybill::Error>(HasSubstr(name)))
        << name;
  }
}

TEST(LocationJson, RefusesWhatIsNoObject) {
  EXPECT_THROW(nlohmann::json::array().get<Location>(), waybill::Error);
}

}  // namespace
}  // namespace landscape
