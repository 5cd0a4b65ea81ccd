#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <waybill/propagation/baggage.h>

// What is made of a header, whoever wrote it.
namespace waybill {
namespace {

std::string normal(std::string_view header) {
  return Baggage::parse(header).to_string();
}

// "k0=v,k1=v,…"
std::string numbered_members(std::size_t count) {
  std::string header;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) header += ',';
    header += 'k' + std::to_string(i) + "=v";
  }
  return header;
}

// One member of so many characters.
std::string member_of(std::string_view key, std::size_t size) {
  return std::string(key) + '=' + std::string(size - key.size() - 1, 'v');
}

TEST(NormalizeBaggage, LeavesOutWhitespaceAndWhatIsEmpty) {
  EXPECT_EQ(normal(" a \t= 1 ; \tp = 2 ;q\t,\tb=3 "), "a=1;p=2;q,b=3");
  EXPECT_EQ(normal("a=1,,b= ,"), "a=1,b=");
  EXPECT_EQ(normal("a=1;;p; ,b=2;"), "a=1;p,b=2");
}

TEST(NormalizeBaggage, KeepsTheSpellingOfEscapes) {
  EXPECT_EQ(normal("a=%41%2c%2C , b=%e9"), "a=%41%2c%2C,b=%e9");
}

TEST(NormalizeBaggage, LeavesOutMalformedMembersAndCountsThem) {
  for (const std::string_view malformed :
       {"a",       "=1",    " = ",      "a b=1",   "a\"=1",   "k\u00e9y=1",       "a=b c",
        "a=\"b\"", "a=\\",  "a=\u00e9", "a=\x7f",  "a=1\n",   "a=1\r\nX-Evil: 1", "a=%",
        "a=%4",    "a=%4g", "a=1;=2",   "a=1;p q", "a=1;p=%", "a=1;p=\"",         "a=1;\x01",
        "a;p=1",   ";a=1",  "a:1"}) {
    std::string storage;
    const std::string header = "x=1," + std::string(malformed) + ",y=2";
    EXPECT_EQ(normalize_baggage(header, storage), (NormalizedBaggage{"x=1,y=2", 1, 0}))
        << malformed;
    EXPECT_TRUE(Baggage::parse(malformed).empty()) << malformed;
  }
  std::string storage;
  EXPECT_EQ(normalize_baggage(std::string("a=\0", 3), storage), (NormalizedBaggage{"", 1, 0}));
  EXPECT_EQ(normalize_baggage("a,b,c=1,d", storage), (NormalizedBaggage{"c=1", 3, 0}));
}

TEST(NormalizeBaggage, HasAtMost180Members) {
  EXPECT_EQ(normal(numbered_members(180)), numbered_members(180));
  std::string storage;
  EXPECT_EQ(normalize_baggage(numbered_members(183), storage),
            (NormalizedBaggage{numbered_members(180), 0, 3}));
}

TEST(NormalizeBaggage, HasAtMost8192Bytes) {
  std::string storage;
  const std::string longest = member_of("a", Baggage::kMaxSize);
  EXPECT_EQ(normal(longest), longest);
  EXPECT_EQ(normalize_baggage(longest + 'v', storage), (NormalizedBaggage{"", 0, 1}));
  EXPECT_EQ(normalize_baggage(longest + ",b=1,c=2", storage), (NormalizedBaggage{longest, 0, 2}));
  EXPECT_EQ(normal(", " + longest + " ,"), longest) << "counted as it is sent on";
}

TEST(NormalizeBaggage, DropsOnlyWhatDoesNotFit) {
  std::string storage;
  const std::string large = member_of("large", 5000);
  const std::string larger = member_of("larger", 5001);
  EXPECT_EQ(normalize_baggage(large + ',' + larger + ",small=1", storage),
            (NormalizedBaggage{large + ",small=1", 0, 1}));
}

TEST(NormalizeBaggage, RefusesUnreadWhatIsMuchTooLong) {
  std::string storage;
  const std::string header = "a=1" + std::string(Baggage::kMaxHeaderSize - 3, ',');
  EXPECT_EQ(normalize_baggage(header, storage), (NormalizedBaggage{"a=1", 0, 0}));
  EXPECT_EQ(normalize_baggage(header + ',', storage), (NormalizedBaggage{"", 0, 1}));
}

TEST(NormalizeBaggage, ReadsManyTinyMembersInOneGo) {
  std::string header;
  while (header.size() < Baggage::kMaxHeaderSize - 8) header += "a,=b;;,";
  std::string storage;
  EXPECT_EQ(normalize_baggage(header, storage),
            (NormalizedBaggage{"", 2 * (header.size() / 7), 0}));
}

TEST(NormalizeBaggage, CopiesNothingThatIsNormalAlready) {
  for (const std::string_view header :
       {"userId=alice,serverNode=DF%2028,isProduction=false", "k=v", "a=1;p;q=2,b=", "k%zz=1"}) {
    std::string storage;
    const NormalizedBaggage same = normalize_baggage(header, storage);
    EXPECT_EQ(same.text.data(), header.data());
    EXPECT_EQ(same.text, header);
    EXPECT_TRUE(storage.empty());
  }
}

TEST(NormalizeBaggage, MayReadFromItsStorage) {
  std::string storage = "a = 1, b, c = 3";
  EXPECT_EQ(normalize_baggage(storage, storage), (NormalizedBaggage{"a=1,c=3", 1, 0}));
}

}  // namespace
}  // namespace waybill
