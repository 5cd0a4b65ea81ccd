#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/carrier.h>

#include "tests/support/vectors.h"

// What W3C Baggage and the tests of other implementations say, entry by entry.
namespace waybill {
namespace {

using nlohmann::json;
using test::Choice;
using test::difference_in;

constexpr Choice kAsTheVector = Choice::kAsTheVector;
constexpr Choice kOtherwise = Choice::kOtherwise;

// Why, and by which sentence of the standard: docs/propagation.md.
const test::Choices kChoices{
    // Whitespace around keys is no part of them, and no error.
    {"go-bag-002", kAsTheVector},
    {"rs-bag-002", kAsTheVector},
    {"py-bag-011", kOtherwise},
    // A malformed member is left out, the others are kept.
    {"go-bag-004", kAsTheVector},
    {"go-bag-multi-006", kAsTheVector},
    {"go-bag-multi-007", kAsTheVector},
    {"go-bag-multi-020", kAsTheVector},
    {"go-bag-multi-021", kAsTheVector},
    {"go-bag-parse-023", kAsTheVector},
    {"go-bag-parse-024", kAsTheVector},
    {"go-bag-parse-025", kAsTheVector},
    {"go-bag-parse-026", kAsTheVector},
    {"go-bag-parse-028", kAsTheVector},
    {"go-bag-parse-029", kAsTheVector},
    {"go-bag-parse-030", kAsTheVector},
    {"java-bag-004", kAsTheVector},
    {"java-bag-005", kAsTheVector},
    {"java-bag-006", kAsTheVector},
    {"java-bag-007", kAsTheVector},
    {"java-bag-015", kAsTheVector},
    {"java-bag-016", kAsTheVector},
    {"java-bag-022", kAsTheVector},
    {"java-bag-023", kAsTheVector},
    {"js-bag-004", kAsTheVector},
    {"js-bag-005", kAsTheVector},
    {"js-bag-006", kAsTheVector},
    {"js-bag-007", kAsTheVector},
    {"py-bag-005", kAsTheVector},
    {"py-bag-006", kAsTheVector},
    {"py-bag-008", kAsTheVector},
    {"cpp-bag-005", kAsTheVector},
    {"cpp-bag-007", kAsTheVector},
    {"cpp-bag-parse-005", kAsTheVector},
    {"rs-bag-004", kAsTheVector},
    // So is one with a "%" that is not part of an escape.
    {"go-bag-parse-027", kAsTheVector},
    {"go-bag-parse-031", kAsTheVector},
    {"java-bag-035", kAsTheVector},
    {"java-bag-036", kAsTheVector},
    {"java-bag-pct-001", kAsTheVector},
    {"java-bag-pct-002", kAsTheVector},
    {"java-bag-pct-003", kAsTheVector},
    {"java-bag-pct-004", kAsTheVector},
    {"cpp-bag-parse-009", kAsTheVector},
    {"cpp-bag-parse-010", kAsTheVector},
    // Empty members and empty properties say nothing, and are no error.
    {"go-bag-multi-003", kAsTheVector},
    {"go-bag-multi-004", kAsTheVector},
    {"go-bag-parse-022", kOtherwise},
    {"java-bag-028", kAsTheVector},
    {"java-bag-029", kAsTheVector},
    {"java-bag-033", kAsTheVector},
    {"java-bag-034", kAsTheVector},
    {"cpp-bag-parse-002", kAsTheVector},
    {"cpp-bag-parse-006", kAsTheVector},
    {"cpp-bag-parse-007", kAsTheVector},
    // Keys are taken literally; values may decode to anything.
    {"cpp-bag-parse-011", kOtherwise},
    {"cpp-bag-parse-012", kOtherwise},
    {"cpp-bag-parse-013", kOtherwise},
    // Members with the same key are all kept; get() gives the last.
    {"go-bag-multi-002", kOtherwise},
    {"go-bag-parse-015", kOtherwise},
    {"java-bag-001", kOtherwise},
    {"java-bag-019", kOtherwise},
    {"java-bag-020", kOtherwise},
    {"java-bag-021", kOtherwise},
    {"java-bag-031", kOtherwise},
    {"java-bag-032", kOtherwise},
    // 180 members, not 64.
    {"go-bag-multi-009", kOtherwise},
    {"go-bag-multi-010", kOtherwise},
    {"go-bag-parse-033", kOtherwise},
    {"java-bag-lim-002", kOtherwise},
    {"java-bag-lim-003", kOtherwise},
    {"js-bag-009", kAsTheVector},
    {"js-bag-010", kAsTheVector},
    // 8192 bytes, of what is sent on; members that do not fit are left out, the others are kept.
    {"go-bag-multi-012", kAsTheVector},
    {"go-bag-multi-015", kOtherwise},
    {"go-bag-multi-016", kOtherwise},
    {"go-bag-multi-017", kOtherwise},
    {"go-bag-multi-018", kOtherwise},
    {"go-bag-multi-022", kOtherwise},
    {"go-bag-parse-032", kAsTheVector},
    {"java-bag-lim-004", kAsTheVector},
    {"js-bag-011", kAsTheVector},
    {"py-bag-007", kAsTheVector},
    // Beyond 16384 bytes nothing is read.
    {"go-bag-multi-013", kAsTheVector},
    {"go-bag-multi-019", kAsTheVector},
    // A single member may be as long as the list. The last of these is not disputed by others, but
    // by w3c-bag-lim-002.
    {"js-bag-008", kOtherwise},
    {"py-bag-009", kOtherwise},
    {"cpp-bag-008", kOtherwise},
};

std::string joined(const json& headers) {
  const auto list = test::headers_of(headers);
  return HeaderListCarrier(list).get_joined(kBaggageHeader);
}

json properties_of(const Baggage::Member& member) {
  json list = json::array();
  for (const auto& [key, value] : member.properties) {
    list.push_back({key, value ? json(*value) : json(nullptr)});
  }
  return list;
}

json members_of(const Baggage& baggage) {
  json list = json::array();
  for (const Baggage::Member& member : baggage.members()) {
    list.push_back(
        {{"key", member.key}, {"value", member.value}, {"properties", properties_of(member)}});
  }
  return list;
}

json keys_and_values_of(const Baggage& baggage) {
  json list = json::array();
  baggage.for_each([&list](std::string_view key, std::string_view value) {
    list.push_back({key, value});
  });
  return list;
}

Baggage baggage_of(const json& members) {
  Baggage baggage;
  for (const json& member : members) {
    std::vector<Baggage::Property> properties;
    for (const json& property : member.at("properties")) {
      properties.push_back({property.at(0).get<std::string>()});
      if (!property.at(1).is_null()) properties.back().value = property.at(1).get<std::string>();
    }
    baggage.set(test::text_of(member, "key"), test::text_of(member, "value"), properties);
  }
  return baggage;
}

json sorted(json list) {
  std::sort(list.begin(), list.end());
  return list;
}

// Where the source keeps properties as the text they came in, and members in no order.
json in_our_terms(const json& members) {
  json list = json::array();
  const bool opaque = std::any_of(members.begin(), members.end(), [](const json& member) {
    return member.contains("metadata_raw");
  });
  if (!opaque) return members;
  for (json member : members) {
    const Baggage read = Baggage::parse("k=v;" + test::text_of(member, "metadata_raw"));
    member["properties"] = members_of(read).at(0).at("properties");
    member.erase("metadata_raw");
    list.push_back(member);
  }
  return sorted(list);
}

// The members of a header with their properties, neither in any order.
json parts_of(std::string_view header) {
  json list = json::array();
  for (const Baggage::Member& member : Baggage::parse(header).members()) {
    list.push_back({member.key, member.value, sorted(properties_of(member))});
  }
  return sorted(list);
}

std::string differs_as_parts(const json& expect, const char* name, std::string_view header) {
  if (!expect.contains(name)) return {};
  std::string all;
  for (const json& part : expect.at(name)) all += part.get<std::string>() + ',';
  return parts_of(all) == parts_of(header) ? "" : "got " + std::string(header);
}

std::string reading_differs(const std::string& header, const json& expect) {
  std::string storage;
  const NormalizedBaggage normal = normalize_baggage(header, storage);
  const Baggage baggage = Baggage::parse(header);
  if (normal.text != baggage.to_string()) return "parse() and normalize_baggage() differ";

  std::string difference;
  if (expect.contains("members")) {
    const json members = in_our_terms(expect.at("members"));
    const bool any_order = members != expect.at("members");
    const json actual = any_order ? sorted(members_of(baggage)) : members_of(baggage);
    if (actual != members) difference += "members: got " + actual.dump() + ", ";
  }
  difference += difference_in(expect, "members_kv", keys_and_values_of(baggage));
  difference += difference_in(expect, "error_reported", normal.malformed + normal.too_long > 0);
  difference += difference_in(expect, "count", baggage.size());
  difference += difference_in(expect, "bytes", baggage.to_string().size());
  difference += difference_in(expect, "header_bytes", baggage.to_string().size());
  difference += difference_in(expect, "header", baggage.to_string());
  if (expect.contains("utf8_bytes")) {
    difference += difference_in(expect, "utf8_bytes", baggage.members().at(0).value.size());
  }
  return difference;
}

std::string writing_differs(const Baggage& baggage, const json& expect) {
  const std::string& header = baggage.to_string();
  std::string difference = differs_as_parts(expect, "header_parts_any_order", header) +
                           differs_as_parts(expect, "header_members_any_order", header);
  if (!expect.contains("must_escape_at_least")) {
    // The spelling itself is what these are about: "%2C" reads as "," does.
    for (const char* const name : {"header_parts_any_order", "header_members_any_order"}) {
      for (const json& part : expect.value(name, json::array())) {
        const std::string text = part.get<std::string>();
        const bool ordered = text.find(';') == std::string::npos;
        if (ordered && header.find(text) == std::string::npos) difference += "got " + header;
      }
    }
    return difference + difference_in(expect, "header", header);
  }
  for (const json& character : expect.at("must_escape_at_least")) {
    const auto c = character.get<std::string>();
    if (c != "%" && header.find(c) != std::string::npos) difference += c + " is not escaped";
  }
  const bool same = Baggage::parse(header) == baggage &&
                    parts_of(header) == parts_of(test::text_of(expect, "header"));
  return same ? difference : difference + "got " + header;
}

// Whether the character can stand in a key, or in a value, as it is.
std::string character_differs(const json& in, const json& expect, bool in_key) {
  const std::string c = test::text_of(in, "char");
  bool allowed = true;
  for (const std::string& text : {c, "a" + c, c + "b", "a" + c + "b"}) {
    const std::vector<Baggage::Member> one{{in_key ? text : "key", in_key ? "value" : text}};
    allowed &= Baggage::parse(one[0].key + "=" + one[0].value).members() == one;
  }
  return difference_in(expect, "allowed", allowed);
}

TEST(Baggage, DoesWhatTheVectorsSay) {
  test::check_vectors("baggage.json", kChoices, [](const test::Vector& vector) -> std::string {
    const auto& [id, op, in, expect] = vector;
    if (op == "parse") return reading_differs(test::text_of(in, "header"), expect);
    if (op == "extract" || op == "propagate") {
      return reading_differs(joined(in.at("headers")), expect);
    }
    if (op == "inject" || op == "serialize") {
      return writing_differs(baggage_of(in.at("members")), expect);
    }
    if (op == "roundtrip") {
      return reading_differs(baggage_of(in.at("members")).to_string(), expect);
    }
    if (op == "key_char") return character_differs(in, expect, true);
    if (op == "value_char_raw") return character_differs(in, expect, false);
    return "unknown operation " + op;
  });
}

}  // namespace
}  // namespace waybill
