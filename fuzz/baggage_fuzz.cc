#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/internal/baggage_check.h>
#include <waybill/propagation/internal/baggage_reader.h>
#include <waybill/propagation/internal/header_text.h>

#include "fuzz/require.h"

using namespace waybill;

namespace {

// What is taken is valid and within the limits, nothing is lost unsaid, and reading it again
// changes nothing.
void require_normal(const std::string& header) {
  std::string storage;
  const NormalizedBaggage normal = normalize_baggage(header, storage);
  const std::string text(normal.text);
  REQUIRE(Baggage::parse(header).to_string() == text);
  REQUIRE(text.size() <= std::min(header.size(), Baggage::kMaxSize));
  REQUIRE(internal::is_header_text(text));
  REQUIRE(text.find_first_of(" \t\"\\") == std::string::npos);
  if (header.size() <= Baggage::kMaxHeaderSize) {
    const internal::BaggageMembers read = internal::read_baggage_members(header);
    REQUIRE(read.text == text);
    REQUIRE(read.malformed == normal.malformed && read.too_long == normal.too_long);
  }

  const NormalizedBaggage again = normalize_baggage(text, storage);
  REQUIRE(again == NormalizedBaggage{text});
  REQUIRE(again.text.data() == text.data());
}

// The quick look agrees with the slow one, and neither takes what would be changed.
void require_plain_is_normal(const std::string& header) {
  const bool plain = internal::is_plain_baggage(header);
  REQUIRE(plain == internal::is_plain_baggage_bytewise(header));
  if (plain) REQUIRE(internal::read_baggage_members(header).text == header);
}

// The members, written anew, say the same.
void require_same_when_rewritten(const Baggage& baggage) {
  const auto members = baggage.members();
  REQUIRE(members.size() == baggage.size() && members.size() <= Baggage::kMaxMembers);
  Baggage rewritten;
  std::size_t seen = 0;
  baggage.for_each([&](std::string_view key, std::string_view value) {
    REQUIRE(key == members[seen].key && value == members[seen].value);
    ++seen;
  });
  for (const Baggage::Member& member : members) {
    // U+FFFD may take more room than what it stands for.
    if (!rewritten.set(member.key, member.value, member.properties)) return;
    const auto last = std::find_if(members.rbegin(), members.rend(), [&member](const auto& other) {
      return other.key == member.key;
    });
    REQUIRE(baggage.get(member.key) == last->value);
  }
  for (const Baggage::Member& member : rewritten.members()) {
    REQUIRE(baggage.get(member.key) == member.value);
  }
  for (const Baggage::Member& member : members) rewritten.remove(member.key);
  REQUIRE(rewritten.empty());
}

// The text as a key, and as a value.
void require_sets_what_it_says(Baggage baggage, const std::string& text) {
  const std::string before = baggage.to_string();
  if (!baggage.set(text, text, {{text, text}, {"p"}})) {
    REQUIRE(baggage.to_string() == before);
    return;
  }
  REQUIRE(baggage.get(text).has_value());
  REQUIRE(Baggage::parse(baggage.to_string()) == baggage);
  REQUIRE(baggage.remove(text) && !baggage.get(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(reinterpret_cast<const char*>(data), size);
  require_normal(header);
  require_plain_is_normal(header);
  const Baggage baggage = Baggage::parse(header);
  require_same_when_rewritten(baggage);
  require_sets_what_it_says(baggage, header.substr(0, 64));
  return 0;
}
