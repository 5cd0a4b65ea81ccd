#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/propagation/carrier.h>
#include <waybill/propagation/header_lookup.h>
#include <waybill/propagation/internal/header_table.h>

namespace waybill {
namespace {

struct Names {
  Names() {
    table.add("traceparent", 0);
    table.add("X-B3-TraceId", 1);
    table.add("b3", 2);
    table.add("X-B3-Sampled", 31);
    table.add("TraceParent", 3);  // is there already
    table.set_prefix("uberctx-");
  }
  internal::HeaderTable table;
};

TEST(HeaderLookup, FindsNamesWithoutRegardToCase) {
  const Names names;
  HeaderLookup lookup(names.table);
  EXPECT_FALSE(lookup.has_any());
  lookup.offer("TRACEPARENT", "1");
  lookup.offer("x-b3-traceid", "2");
  lookup.offer("X-B3-SAMPLED", "3");
  EXPECT_EQ(lookup.value(0), "1");
  EXPECT_EQ(lookup.value(1), "2");
  EXPECT_EQ(lookup.value(31), "3");
  EXPECT_FALSE(lookup.has(2));
  EXPECT_EQ(lookup.value(2), "");
}

TEST(HeaderLookup, LeavesOutAllOtherNames) {
  const Names names;
  HeaderLookup lookup(names.table);
  // Of the same sizes and first letters as those that are looked for, and of any other.
  for (const char* name : {"", "b4", "B", "bb", "tracestates", "x-b3-trace_i", "xb3traceidxx",
                           "uberctx-", "uberct", "User-Agent", "upgrade"}) {
    lookup.offer(name, "no");
  }
  lookup.offer(std::string(63, 'b'), "no");
  lookup.offer(std::string(64, 't'), "no");
  lookup.offer(std::string(1000, 'u'), "no");
  EXPECT_FALSE(lookup.has_any());
}

TEST(HeaderLookup, JoinsWhatIsRepeated) {
  const Names names;
  HeaderLookup lookup(names.table);
  lookup.offer("b3", "1");
  lookup.offer("traceparent", "p");
  lookup.offer("B3", "");
  lookup.offer("b3", "3");
  EXPECT_EQ(lookup.value(2), "1,,3");
  EXPECT_TRUE(lookup.is_repeated(2));
  EXPECT_FALSE(lookup.is_repeated(0));
}

TEST(HeaderLookup, KeepsSomeOfWhatHasThePrefix) {
  const Names names;
  HeaderLookup lookup(names.table);
  std::vector<std::string> headers;
  headers.push_back("uberctx-" + std::string(100, 'k'));
  for (int i = 1; i < 100; ++i) headers.push_back("UberCtx-" + std::to_string(i));
  for (const std::string& header : headers) lookup.offer(header, "v");
  ASSERT_EQ(lookup.prefixed().size(), HeaderLookup::kMaxPrefixed);
  EXPECT_EQ(lookup.prefixed().front().key, std::string(100, 'k'));
  EXPECT_EQ(lookup.prefixed().back().value, "v");
}

// A carrier that can only be asked.
class AskedCarrier final : public Carrier {
 public:
  std::optional<std::string_view> get(std::string_view key) const override {
    if (key == "b3") return "1";
    if (key == "traceparent") return "p";
    return std::nullopt;
  }
  std::string get_joined(std::string_view key) const override {
    return key == "b3" ? "1,2" : Carrier::get_joined(key);
  }
  void set(std::string_view, std::string_view) override {}
};

TEST(HeaderLookup, AsksACarrierThatCannotWalk) {
  const Names names;
  HeaderLookup lookup(names.table);
  const AskedCarrier carrier;
  ASSERT_FALSE(carrier.offer_all(lookup));
  lookup.ask(carrier);
  EXPECT_EQ(lookup.value(0), "p");
  EXPECT_FALSE(lookup.is_repeated(0));
  EXPECT_EQ(lookup.value(2), "1,2");
  EXPECT_TRUE(lookup.is_repeated(2));
  EXPECT_FALSE(lookup.has(1));
}

}  // namespace
}  // namespace waybill
