#include <map>
#include <unordered_map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/propagation/carrier.h>

namespace waybill {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// A carrier of one's own that defines no more than it must.
class LastHeaderCarrier final : public Carrier {
 public:
  std::optional<std::string_view> get(std::string_view key) const override {
    if (key != name_) return std::nullopt;
    return std::string_view(value_);
  }
  void set(std::string_view key, std::string_view value) override {
    name_ = key;
    value_ = value;
  }

 private:
  std::string name_;
  std::string value_;
};

TEST(EqualIgnoringCase, ComparesAsciiLettersOnly) {
  EXPECT_TRUE(equal_ignoring_case("TraceParent", "tRACEpARENT"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("traceparent", "tracestate"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("x[", "x{"));
  EXPECT_FALSE(equal_ignoring_case("\xc4", "\xe4"));
}

TEST(Carrier, NeedsNoMoreThanGetAndSet) {
  LastHeaderCarrier carrier;
  EXPECT_EQ(carrier.get_joined("k"), "");
  carrier.set("k", "v");
  EXPECT_EQ(carrier.get_joined("k"), "v");
  carrier.remove("k");
  EXPECT_EQ(carrier.get("k"), "");
}

TEST(Carrier, RemoveAddsNothingWhereThereIsNothing) {
  LastHeaderCarrier carrier;
  carrier.remove("k");
  EXPECT_EQ(carrier.get("k"), std::nullopt);
}

template <class Map>
class MapCarrierTest : public testing::Test {};
using Maps = testing::Types<std::map<std::string, std::string>,
                            std::unordered_map<std::string, std::string>>;
TYPED_TEST_SUITE(MapCarrierTest, Maps);

TYPED_TEST(MapCarrierTest, FindsNamesWithoutRegardToCase) {
  TypeParam map{{"TraceParent", "v"}};
  const MapCarrier carrier(map);
  EXPECT_EQ(carrier.get("traceparent"), "v");
  EXPECT_EQ(carrier.get_joined("TRACEPARENT"), "v");
  EXPECT_EQ(carrier.get("tracestate"), std::nullopt);
}

TYPED_TEST(MapCarrierTest, PrefersTheNameAsItIsSpelled) {
  TypeParam map{{"A", "1"}, {"a", "2"}};
  const MapCarrier carrier(map);
  EXPECT_EQ(carrier.get("a"), "2");
  EXPECT_EQ(carrier.get("A"), "1");
}

TYPED_TEST(MapCarrierTest, SetReplacesEverySpelling) {
  TypeParam map{{"A", "1"}, {"a", "2"}, {"b", "3"}};
  MapCarrier(map).set("a", "4");
  EXPECT_THAT(map, testing::UnorderedElementsAre(Pair("a", "4"), Pair("b", "3")));
}

TYPED_TEST(MapCarrierTest, RemoveTakesOutEverySpelling) {
  TypeParam map{{"A", "1"}, {"a", "2"}};
  MapCarrier(map).remove("a");
  EXPECT_THAT(map, IsEmpty());
}

TYPED_TEST(MapCarrierTest, ReadsAConstMapAndLeavesItAlone) {
  const TypeParam map{{"a", "1"}};
  MapCarrier carrier(map);
  carrier.set("a", "2");
  carrier.remove("a");
  EXPECT_EQ(carrier.get("a"), "1");
}

TEST(HeaderListCarrier, GetsTheFirstOfSeveralValues) {
  const HeaderListCarrier::Headers headers{{"x", "0"}, {"A", "1"}, {"a", "2"}};
  const HeaderListCarrier carrier(headers);
  EXPECT_EQ(carrier.get("a"), "1");
  EXPECT_EQ(carrier.get("b"), std::nullopt);
}

TEST(HeaderListCarrier, JoinsSeveralValuesWithCommas) {
  const HeaderListCarrier::Headers headers{{"A", "1"}, {"x", "0"}, {"a", ""}, {"a", "3"}};
  const HeaderListCarrier carrier(headers);
  EXPECT_EQ(carrier.get_joined("a"), "1,,3");
  EXPECT_EQ(carrier.get_joined("b"), "");
}

TEST(HeaderListCarrier, SetReplacesAllValuesInPlace) {
  HeaderListCarrier::Headers headers{{"A", "1"}, {"x", "0"}, {"a", "2"}};
  HeaderListCarrier carrier(headers);
  carrier.set("a", "3");
  carrier.set("new", "4");
  EXPECT_THAT(headers, ElementsAre(Pair("A", "3"), Pair("x", "0"), Pair("new", "4")));
}

TEST(HeaderListCarrier, RemoveTakesOutAllValues) {
  HeaderListCarrier::Headers headers{{"A", "1"}, {"x", "0"}, {"a", "2"}};
  HeaderListCarrier(headers).remove("a");
  EXPECT_THAT(headers, ElementsAre(Pair("x", "0")));
}

TEST(HeaderListCarrier, ReadsAConstListAndLeavesItAlone) {
  const HeaderListCarrier::Headers headers{{"a", "1"}};
  HeaderListCarrier carrier(headers);
  carrier.set("a", "2");
  carrier.remove("a");
  EXPECT_THAT(headers, ElementsAre(Pair("a", "1")));
}

}  // namespace
}  // namespace waybill
