#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/tracestate.h>

namespace waybill {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Member = Tracestate::Member;

// "" for a header that is refused; no valid one here has no members.
std::string normal(std::string_view header) {
  const auto state = Tracestate::parse(header);
  return state ? state->to_string() : "";
}

// "k0=v,k1=v,…"
std::string numbered_members(int count) {
  std::string header;
  for (int i = 0; i < count; ++i) {
    if (i != 0) header += ',';
    header += 'k' + std::to_string(i) + "=v";
  }
  return header;
}

TEST(Tracestate, KeepsTheOrderOfItsMembers) {
  const auto state = Tracestate::parse("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  ASSERT_TRUE(state);
  EXPECT_THAT(state->members(),
              ElementsAre(Member{"rojo", "00f067aa0ba902b7"}, Member{"congo", "t61rcWkgMzE"}));
  EXPECT_EQ(state->to_string(), "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
}

TEST(Tracestate, MayBeEmpty) {
  for (const std::string_view header : {"", " ", ",", " ,\t, "}) {
    const auto state = Tracestate::parse(header);
    ASSERT_TRUE(state) << '"' << header << '"';
    EXPECT_TRUE(state->empty());
    EXPECT_THAT(state->members(), IsEmpty());
  }
}

TEST(Tracestate, LeavesOutWhitespaceAndEmptyMembers) {
  EXPECT_EQ(normal(" a=1 \t,,\tb=2, ,"), "a=1,b=2");
  EXPECT_EQ(normal("a= 1 "), "a= 1") << "space before a value is part of it";
}

TEST(Tracestate, KeepsTheFirstOfMembersWithTheSameKey) {
  EXPECT_EQ(normal("a=1,b=2,a=3"), "a=1,b=2");
}

TEST(Tracestate, RefusesAHeaderWithAnyMalformedMember) {
  for (const std::string_view header :
       {"a", "=1", "a=", "a= ", "a =1", "A=1", "a=1=2", "a=1;b=2", "a=\x7f", "a=\x80", "a=1\n",
        "a=1\tb", "@v=1", "_a=1", "a.b=1", "a=1,b", "ok=1,\r\n"}) {
    EXPECT_FALSE(Tracestate::parse(header)) << '"' << header << '"';
  }
}

TEST(Tracestate, HasAtMost32Members) {
  EXPECT_EQ(normal(numbered_members(32)), numbered_members(32));
  EXPECT_FALSE(Tracestate::parse(numbered_members(33)));
}

TEST(Tracestate, BoundsWhatItReads) {
  EXPECT_TRUE(Tracestate::parse(std::string(Tracestate::kMaxHeaderSize, ',')));
  EXPECT_FALSE(Tracestate::parse(std::string(Tracestate::kMaxHeaderSize + 1, ',')));
}

TEST(Tracestate, DropsLargeMembersFirstWhenTooLong) {
  const std::string large = "large=" + std::string(123, 'x');        // 129 characters
  const std::string middling = "middling=" + std::string(119, 'y');  // 128
  const std::string longest = middling + ",second=" + std::string(121, 'y') +
                              ",third=" + std::string(122, 'y') +
                              ",fourth=" + std::string(118, 'y');
  EXPECT_EQ(normal(large + ',' + longest), longest);
}

TEST(Tracestate, DropsTheLastMembersWhenStillTooLong) {
  std::string header;
  for (int i = 10; i < 20; ++i)
    header += 'k' + std::to_string(i) + '=' + std::string(96, 'x') + ',';
  const std::string shortened = normal(header);  // members of 100 characters
  EXPECT_EQ(shortened, header.substr(0, 5 * 101 - 1));
}

TEST(Tracestate, FindsMembersByTheirWholeKey) {
  const auto state = Tracestate::parse("ab=1,a=2");
  EXPECT_EQ(state->get("a"), "2");
  EXPECT_EQ(state->get("ab"), "1");
  EXPECT_EQ(state->get("b"), std::nullopt);
  EXPECT_EQ(Tracestate().get("a"), std::nullopt);
}

TEST(Tracestate, PutsAChangedMemberInFront) {
  auto state = Tracestate::parse("a=1,b=2,c=3");
  EXPECT_TRUE(state->set("b", "4"));
  EXPECT_EQ(state->to_string(), "b=4,a=1,c=3");
  EXPECT_TRUE(state->set("d", *state->get("a"))) << "a value may come from the list itself";
  EXPECT_EQ(state->to_string(), "d=1,b=4,a=1,c=3");
}

TEST(Tracestate, RefusesToSetWhatIsNotValid) {
  auto state = Tracestate::parse("a=1");
  EXPECT_FALSE(state->set("A", "1"));
  EXPECT_FALSE(state->set("", "1"));
  EXPECT_FALSE(state->set("b", ""));
  EXPECT_FALSE(state->set("b", "1,c=2"));
  EXPECT_FALSE(state->set("b", "1 "));
  EXPECT_FALSE(state->set(std::string(257, 'k'), "1"));
  EXPECT_FALSE(state->set("b", std::string(257, 'v')));
  EXPECT_EQ(state->to_string(), "a=1");
}

TEST(Tracestate, DropsTheLastMemberToMakeRoom) {
  auto state = Tracestate::parse(numbered_members(32));
  EXPECT_TRUE(state->set("new", "1"));
  EXPECT_EQ(state->to_string(), "new=1," + numbered_members(31));
  EXPECT_TRUE(state->set("k3", "2")) << "a member that is there already needs no room";
  EXPECT_EQ(state->members().size(), 32U);
}

TEST(Tracestate, KeepsTheMemberJustSetHoweverLarge) {
  const std::string key(256, 'k');
  auto state = Tracestate::parse("a=1,b=" + std::string(200, 'v') + ",c=2");
  EXPECT_TRUE(state->set(key, std::string(255, 'v')));  // fills the 512 characters alone
  EXPECT_EQ(state->to_string(), key + '=' + std::string(255, 'v'));
}

TEST(Tracestate, RemovesMembers) {
  auto state = Tracestate::parse("a=1,b=2,c=3");
  EXPECT_TRUE(state->remove("b"));
  EXPECT_FALSE(state->remove("b"));
  EXPECT_EQ(state->to_string(), "a=1,c=3");
  EXPECT_TRUE(state->remove("a"));
  EXPECT_TRUE(state->remove("c"));
  EXPECT_TRUE(state->empty());
}

TEST(NormalizeTracestate, CopiesNothingThatIsNormalAlready) {
  const std::string_view header = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";
  std::string storage;
  const auto same = normalize_tracestate(header, storage);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->data(), header.data());
  EXPECT_TRUE(storage.empty());
  EXPECT_EQ(normalize_tracestate("a=1, b=2", storage), "a=1,b=2");
  EXPECT_EQ(normalize_tracestate("A=1", storage), std::nullopt);
}

rc::Gen<std::string> texts_of(std::string_view characters, int longest) {
  const auto character = rc::gen::elementOf(std::string(characters));
  return rc::gen::mapcat(rc::gen::inRange(0, longest), [character](int size) {
    return rc::gen::container<std::string>(static_cast<std::size_t>(size), character);
  });
}

RC_GTEST_PROP(TracestateProperty, NormalFormIsFinal, ()) {
  const std::string header = *texts_of("ab1=, \t@A", 40);
  const auto once = Tracestate::parse(header);
  if (!once) return;
  RC_ASSERT(Tracestate::parse(once->to_string()) == once);
  std::string storage;
  RC_ASSERT(normalize_tracestate(once->to_string(), storage)->data() == once->to_string().data());
}

RC_GTEST_PROP(TracestateProperty, WhatIsSetIsFoundAndStaysValid, ()) {
  Tracestate state;
  for (int i = *rc::gen::inRange(1, 50); i > 0; --i) {
    const std::string key = "k" + *texts_of("abc", 200);
    const std::string value = *texts_of("xyz ", 255) + "v";
    RC_ASSERT(state.set(key, value));
    RC_ASSERT(state.get(key) == std::string_view(value));
    RC_ASSERT(state.members().size() <= Tracestate::kMaxMembers);
    RC_ASSERT(state.to_string().size() <= Tracestate::kMaxSize || state.members().size() == 1);
    RC_ASSERT(Tracestate::parse(state.to_string()).has_value());
  }
}

}  // namespace
}  // namespace waybill
