#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/propagation/tracestate.h>

#include "fuzz/require.h"

using namespace waybill;

// What is taken is in normal form, within the limits, and stays so when it is changed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  auto state = Tracestate::parse(text);
  if (!state) return 0;
  REQUIRE(state->to_string().size() <= Tracestate::kMaxSize);
  REQUIRE(state->members().size() <= Tracestate::kMaxMembers);
  REQUIRE(Tracestate::parse(state->to_string()) == state);
  for (const Tracestate::Member& member : state->members()) {
    REQUIRE(Tracestate::is_valid_key(member.key) && Tracestate::is_valid_value(member.value));
    REQUIRE(state->get(member.key) == member.value);
  }
  const std::size_t before = state->members().size();
  REQUIRE(state->set("fuzz", "1") && state->get("fuzz") == "1");
  REQUIRE(state->members().front().key == "fuzz" && state->members().size() <= before + 1);
  REQUIRE(Tracestate::parse(state->to_string()) == state);
  return 0;
}
