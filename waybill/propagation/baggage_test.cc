#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/core/scope.h>
#include <waybill/propagation/baggage.h>

namespace waybill {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Member = Baggage::Member;
using Property = Baggage::Property;

// "k0=v,k1=v,…"
std::string numbered_members(std::size_t count) {
  std::string header;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) header += ',';
    header += 'k' + std::to_string(i) + "=v";
  }
  return header;
}

TEST(Baggage, GivesKeysAndDecodedValuesInTheirOrder) {
  const auto baggage = Baggage::parse("userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false");
  EXPECT_THAT(baggage.members(),
              ElementsAre(Member{"userId", "Am\u00e9lie"}, Member{"serverNode", "DF 28"},
                          Member{"isProduction", "false"}));
  EXPECT_EQ(baggage.get("serverNode"), "DF 28");
  EXPECT_EQ(baggage.size(), 3U);
}

TEST(Baggage, KeepsPropertiesWithTheirMember) {
  const auto baggage = Baggage::parse("a=1;secret;ttl=2%3B;secret=,b=2");
  EXPECT_THAT(
      baggage.members(),
      ElementsAre(Member{"a", "1", {{"secret"}, {"ttl", "2;"}, {"secret", ""}}}, Member{"b", "2"}));
  EXPECT_EQ(baggage.get("a"), "1");
  EXPECT_EQ(baggage.to_string(), "a=1;secret;ttl=2%3B;secret=,b=2");
}

TEST(Baggage, MayBeEmpty) {
  for (const std::string_view header : {"", " ", ",", " ,\t, "}) {
    std::string storage;
    EXPECT_EQ(normalize_baggage(header, storage), NormalizedBaggage{}) << '"' << header << '"';
    const Baggage baggage = Baggage::parse(header);
    EXPECT_TRUE(baggage.empty());
    EXPECT_EQ(baggage.size(), 0U);
    EXPECT_THAT(baggage.members(), IsEmpty());
    EXPECT_EQ(baggage, Baggage());
  }
}

TEST(Baggage, TakesKeysLiterally) {
  const auto baggage = Baggage::parse("a%20b=1,k%zz=2,100%=3,A=4,a=5");
  EXPECT_EQ(baggage.size(), 5U);
  EXPECT_EQ(baggage.get("a%20b"), "1");
  EXPECT_EQ(baggage.get("k%zz"), "2");
  EXPECT_EQ(baggage.get("100%"), "3");
  EXPECT_EQ(baggage.get("A"), "4");
  EXPECT_EQ(baggage.get("a"), "5");
}

TEST(Baggage, FindsMembersByTheirWholeKey) {
  const auto baggage = Baggage::parse("ab=1;a=x,b=2");
  EXPECT_EQ(baggage.get("ab"), "1");
  EXPECT_EQ(baggage.get("a"), std::nullopt);
  EXPECT_EQ(baggage.get(""), std::nullopt);
  EXPECT_EQ(baggage.get("\u00e9"), std::nullopt);
  EXPECT_EQ(Baggage().get("a"), std::nullopt);
  EXPECT_EQ(Baggage::parse("a=").get("a"), "") << "an empty value is one";
}

TEST(Baggage, ReadsWhatIsNoUtf8AsReplacementCharacters) {
  EXPECT_EQ(Baggage::parse("a=x%ffy").get("a"), "x\ufffdy");
  EXPECT_EQ(Baggage::parse("a=%c3%a9%c3").get("a"), "\u00e9\ufffd");
  EXPECT_EQ(Baggage::parse("a=%ed%a0%80").get("a"), "\ufffd\ufffd\ufffd") << "a surrogate";
  EXPECT_EQ(Baggage::parse("a=;p=%80").members().at(0).properties.at(0).value, "\ufffd");
}

TEST(Baggage, KeepsMembersWithTheSameKeyAndReadsTheLast) {
  const auto baggage = Baggage::parse("a=1;p,b=2,a=3");
  EXPECT_EQ(baggage.to_string(), "a=1;p,b=2,a=3");
  EXPECT_EQ(baggage.get("a"), "3");
  EXPECT_EQ(baggage.size(), 3U);
}

TEST(Baggage, GivesKeysAndValuesOneByOne) {
  std::vector<std::pair<std::string, std::string>> seen;
  Baggage::parse("a=1;p=2,b=%20x%20,a=").for_each([&seen](auto key, auto value) {
    seen.emplace_back(key, value);
  });
  EXPECT_THAT(seen, ElementsAre(Pair("a", "1"), Pair("b", " x "), Pair("a", "")));
}

TEST(Baggage, SetsAtTheEndOrInTheOldPlace) {
  Baggage baggage;
  EXPECT_TRUE(baggage.set("a", "1"));
  EXPECT_TRUE(baggage.set("b", "2", {{"p"}, {"q", "3"}}));
  EXPECT_TRUE(baggage.set("c", ""));
  EXPECT_EQ(baggage.to_string(), "a=1,b=2;p;q=3,c=");
  EXPECT_TRUE(baggage.set("b", "4"));
  EXPECT_EQ(baggage.to_string(), "a=1,b=4,c=");
  EXPECT_TRUE(baggage.set("d", *baggage.get("b")));
  EXPECT_EQ(baggage.to_string(), "a=1,b=4,c=,d=4");
}

TEST(Baggage, SetsOneForSeveralMembersWithTheSameKey) {
  auto baggage = Baggage::parse("a=1,b=2,a=3,b=4");
  EXPECT_TRUE(baggage.set("a", "5"));
  EXPECT_EQ(baggage.to_string(), "a=5,b=2,b=4");
}

TEST(Baggage, EncodesOnlyWhatItMust) {
  Baggage baggage;
  EXPECT_TRUE(baggage.set("a", "x y,z;100%\"\\\n\u00e9", {{"p", "1 2"}}));
  EXPECT_EQ(baggage.to_string(), "a=x%20y%2Cz%3B100%25%22%5C%0A%C3%A9;p=1%202");
  EXPECT_TRUE(baggage.set("a", "!#$&'()*+-./:<=>?@[]^_`{|}~"));
  EXPECT_EQ(baggage.to_string(), "a=!#$&'()*+-./:<=>?@[]^_`{|}~");
}

TEST(Baggage, EncodesKeysThatAreNoTokens) {
  Baggage baggage;
  EXPECT_TRUE(baggage.set("with/slash", "1", {{"p q", "2"}}));
  EXPECT_TRUE(baggage.set("a\r\nX-Evil", "3"));
  EXPECT_EQ(baggage.to_string(), "with%2Fslash=1;p%20q=2,a%0D%0AX-Evil=3");
  EXPECT_EQ(baggage.get("with/slash"), "1");
  EXPECT_EQ(baggage.get("with%2Fslash"), "1");
  EXPECT_TRUE(baggage.set("with/slash", "4"));
  EXPECT_TRUE(baggage.remove("a\r\nX-Evil"));
  EXPECT_EQ(baggage.to_string(), "with%2Fslash=4");
}

TEST(Baggage, RefusesKeysThatCannotBeSpelled) {
  auto baggage = Baggage::parse("a=1");
  EXPECT_FALSE(baggage.set("", "1"));
  EXPECT_FALSE(baggage.set("\u00e9", "1"));
  EXPECT_EQ(baggage.to_string(), "a=1");
  EXPECT_TRUE(baggage.set("a", "2", {{"", "3"}, {"\u00e9"}, {"ok"}}));
  EXPECT_EQ(baggage.to_string(), "a=2;ok") << "such properties are left out";
}

TEST(Baggage, RefusesToSetBeyondTheLimits) {
  auto baggage = Baggage::parse(numbered_members(180));
  EXPECT_FALSE(baggage.set("new", "1"));
  EXPECT_TRUE(baggage.set("k3", "2")) << "a member that is there already needs no room";
  EXPECT_EQ(baggage.size(), 180U);

  Baggage large;
  EXPECT_FALSE(large.set("a", std::string(Baggage::kMaxSize - 1, 'v')));
  EXPECT_FALSE(large.set("a", std::string(Baggage::kMaxSize / 2, ' '))) << "three bytes each";
  EXPECT_FALSE(large.set("a", "", std::vector<Property>(5000, Property{"p"})));
  EXPECT_TRUE(large.empty());
  EXPECT_TRUE(large.set("a", std::string(Baggage::kMaxSize - 2, 'v')));
  EXPECT_FALSE(large.set("b", "1"));
  EXPECT_FALSE(large.set("a", std::string(Baggage::kMaxSize - 1, 'v')));
  EXPECT_FALSE(large.set("a", std::string(Baggage::kMaxSize - 2, 'v'), {{"p"}}));
  EXPECT_TRUE(large.set("a", "1"));
  EXPECT_TRUE(large.set("b", "1"));
}

TEST(Baggage, RemovesAllMembersWithTheKey) {
  auto baggage = Baggage::parse("a=1;p,b=2,a=3");
  EXPECT_FALSE(baggage.remove("p"));
  EXPECT_TRUE(baggage.remove("a"));
  EXPECT_FALSE(baggage.remove("a"));
  EXPECT_EQ(baggage.to_string(), "b=2");
  EXPECT_TRUE(baggage.remove("b"));
  EXPECT_TRUE(baggage.empty());
}

TEST(ContextBaggage, IsSetReadAndRemoved) {
  const Context context = set_baggage(Context(), "tenant", "Acme & Sons", {{"private"}});
  EXPECT_EQ(context.baggage(), "tenant=Acme%20&%20Sons;private");
  EXPECT_EQ(get_baggage(context, "tenant"), "Acme & Sons");
  EXPECT_EQ(get_baggage(context, "private"), std::nullopt);
  EXPECT_EQ(Baggage::of(context).size(), 1U);
  EXPECT_EQ(remove_baggage(context, "tenant").baggage(), "");
  EXPECT_EQ(get_baggage(Context(), "tenant"), std::nullopt);
}

TEST(ContextBaggage, LeavesTheRestOfTheContext) {
  const Context trace = Context::new_trace({.tracestate = "a=1"});
  const Context changed = set_baggage(trace, "tenant", "acme");
  EXPECT_EQ(changed.span_id(), trace.span_id());
  EXPECT_EQ(changed.tracestate(), "a=1");
  EXPECT_EQ(trace.baggage(), "");
  EXPECT_EQ(set_baggage(trace, "", "x"), trace);
  EXPECT_EQ(remove_baggage(trace, "tenant"), trace);
}

TEST(ContextBaggage, IsAmbientThroughAScope) {
  Scope scope{set_baggage(Context::current(), "tenant", "acme")};
  {
    Scope inner{set_baggage(Context::current(), "shop", "7")};
    EXPECT_EQ(Context::current().baggage(), "tenant=acme,shop=7");
  }
  EXPECT_EQ(Context::current().baggage(), "tenant=acme");
}

TEST(ContextBaggage, ReadsWhateverTextWasPutThere) {
  const Context context = Context().with_baggage(" a = 1 , b");
  EXPECT_EQ(get_baggage(context, "a"), "1");
  EXPECT_EQ(Baggage::of(context).to_string(), "a=1");
}

rc::Gen<std::string> texts_of(std::string_view characters, int longest) {
  const auto character = rc::gen::elementOf(std::string(characters));
  return rc::gen::mapcat(rc::gen::inRange(0, longest), [character](int size) {
    return rc::gen::container<std::string>(static_cast<std::size_t>(size), character);
  });
}

// Valid UTF-8 of all sizes of characters.
rc::Gen<std::string> values() {
  const auto character = rc::gen::element<std::string>("a", "=", ",", ";", " ", "%", "\"", "\\",
                                                       "\n", "\u00e9", "\u20ac", "\U0001f4bc");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(character),
                      [](const std::vector<std::string>& characters) {
                        std::string value;
                        for (const std::string& one : characters) value += one;
                        return value;
                      });
}

RC_GTEST_PROP(BaggageProperty, NormalFormIsFinal, ()) {
  const std::string header = *texts_of("ab=,; \t%41\"\\\n", 60);
  const Baggage once = Baggage::parse(header);
  std::string storage;
  const NormalizedBaggage again = normalize_baggage(once.to_string(), storage);
  RC_ASSERT(again == NormalizedBaggage{once.to_string()});
  RC_ASSERT(again.text.data() == once.to_string().data());
}

RC_GTEST_PROP(BaggageProperty, ReadsBackWhatWasSet, ()) {
  const auto entries = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
      rc::gen::pair(texts_of("ab/ ", 3), values()));
  Baggage baggage;
  std::vector<std::pair<std::string, std::string>> set;
  for (const auto& [key, value] : entries) {
    const std::vector<Property> properties{{"p", value}, {"q"}};
    if (!baggage.set(key, value, properties)) continue;
    RC_ASSERT(baggage.get(key) == value);
    RC_ASSERT(Baggage::parse(baggage.to_string()) == baggage);
    for (const Member& member : baggage.members()) {
      RC_ASSERT(member.properties[0].value == member.value);
      RC_ASSERT(!member.properties[1].value.has_value());
    }
    std::erase_if(set, [&key = key](const auto& old) { return old.first == key; });
    set.emplace_back(key, value);
  }
  RC_ASSERT(baggage.size() == set.size());
  for (const auto& [key, value] : set) RC_ASSERT(baggage.get(key) == value);
  for (const auto& [key, value] : set) RC_ASSERT(baggage.remove(key));
  RC_ASSERT(baggage.empty());
}

RC_GTEST_PROP(BaggageProperty, StaysWithinTheLimits, ()) {
  Baggage baggage;
  for (int i = *rc::gen::inRange(1, 300); i > 0; --i) {
    const auto size = static_cast<std::size_t>(*rc::gen::inRange(0, 100));
    const std::string before = baggage.to_string();
    if (!baggage.set("k" + std::to_string(i), std::string(size, ' '))) {
      RC_ASSERT(baggage.to_string() == before);
    }
    RC_ASSERT(baggage.size() <= Baggage::kMaxMembers);
    RC_ASSERT(baggage.to_string().size() <= Baggage::kMaxSize);
  }
}

}  // namespace
}  // namespace waybill
