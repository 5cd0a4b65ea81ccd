#include <set>
#include <string>

#include <gtest/gtest.h>

#include <cli/service_colours.h>

namespace waybill::cli {
namespace {

TEST(ServiceColours, AServiceAloneAlwaysHasTheSame) {
  EXPECT_EQ(ServiceColours().of("web"), ServiceColours().of("web"));
  ServiceColours colours;
  const std::string_view first = colours.of("web");
  for (int i = 0; i < 100; ++i) colours.of("service-" + std::to_string(i));
  EXPECT_EQ(colours.of("web"), first);
}

TEST(ServiceColours, SixServicesHaveSixColours) {
  ServiceColours colours;
  std::set<std::string_view> seen;
  for (const char* service : {"a", "b", "c", "d", "e", "f"}) seen.insert(colours.of(service));
  EXPECT_EQ(seen.size(), 6U);
}

TEST(ServiceColours, DoNotDependOnTheOrderOfAppearance) {
  ServiceColours one({"web", "fetcher", "renderer", "web"});
  ServiceColours other({"renderer", "web", "fetcher"});
  for (const char* service : {"web", "fetcher", "renderer"}) {
    EXPECT_EQ(one.of(service), other.of(service));
  }
}

}  // namespace
}  // namespace waybill::cli
