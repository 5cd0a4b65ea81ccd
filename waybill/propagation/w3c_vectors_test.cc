// The W3C's own test inputs for traceparent and tracestate, and those of other implementations.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/propagation/propagation.h>

#include "tests/support/trace_vectors.h"

namespace waybill {
namespace {

using nlohmann::json;
using test::Choice;
using test::difference_in;
using test::headers_of;
using test::text_of;
using test::Vector;

json members_of(std::string_view tracestate) {
  json list = json::array();
  const auto state = Tracestate::parse(tracestate);
  if (!state) return "malformed";
  for (const auto& [key, value] : state->members()) list.push_back({key, value});
  return list;
}

std::string unless(bool holds, const char* difference) {
  return holds ? std::string() : difference;
}

// What a service sends on when it was called with these headers.
std::string differing_next_hop(const Context& remote, const json& expect) {
  if (!expect.contains("continue_trace_id")) return {};
  HeaderListCarrier::Headers sent;
  HeaderListCarrier carrier(sent);
  inject(remote.child(), carrier);
  const auto parent = parse_traceparent(carrier.get_joined(kTraceparentHeader));
  if (!parent) return "sent no traceparent";
  return difference_in(expect, "continue_trace_id", parent->trace_id.to_hex()) +
         unless(parent->span_id.to_hex() != text_of(expect, "new_span_id_differs_from"),
                "sent the span id on") +
         difference_in(expect, "flags", parent->flags.byte()) +
         difference_in(expect, "tracestate", members_of(carrier.get_joined(kTracestateHeader)));
}

std::string differing_extract(const json& in, const json& expect) {
  const RejectionCounts before = rejections();
  const Context remote = test::extract_from(Propagator(), in);
  const std::string trace = test::differing_trace(remote, expect);
  if (!remote.has_trace() || !trace.empty()) return trace;
  return difference_in(expect, "tracestate", members_of(remote.tracestate())) +
         difference_in(expect, "tracestate_valid", rejections() == before) +
         differing_next_hop(remote, expect);
}

std::string differing_syntax(const std::string& text, const json& expect) {
  // Ids of zeros are right by syntax, and refused all the same.
  const bool zero_id = text.find(std::string(32, '0')) != std::string::npos ||
                       text.find("-0000000000000000-") != std::string::npos;
  if (zero_id) return unless(!parse_traceparent(text), "took an id of zeros");
  return difference_in(expect, "syntax_ok", parse_traceparent(text).has_value());
}

TEST(W3cVectors, Tracecontext) {
  const test::Choices choices{
      // The first of two members with the same key is kept.
      {"w3c-tc-038", Choice::kAsTheVector},
      {"w3c-tc-039", Choice::kAsTheVector},
      {"w3c-tc-040", Choice::kAsTheVector},
      {"w3c-tc-041", Choice::kAsTheVector},
      // Flags without a meaning are ignored, whatever the version.
      {"go-tc-009", Choice::kAsTheVector},
      {"go-tc-010", Choice::kAsTheVector},
      {"go-tc-bad-016", Choice::kOtherwise},
      // Version 00 ends with its flags.
      {"go-tc-012", Choice::kOtherwise},
      {"rs-tc-009", Choice::kOtherwise},
  };
  test::check_vectors("tracecontext.json", choices, [](const Vector& vector) {
    if (vector.op == "inject") {
      const Propagator trace_context({.formats = {Format::kTraceContext}});
      return test::differing_headers(trace_context, test::context_of(vector.in), vector.expect);
    }
    if (vector.op == "syntax") {
      return differing_syntax(text_of(vector.in, "traceparent"), vector.expect);
    }
    return differing_extract(vector.in, vector.expect);
  });
}

std::string differing_parse(const json& in, const json& expect) {
  const auto state = Tracestate::parse(text_of(in, "header"));
  const std::string header = state.value_or(Tracestate()).to_string();
  return difference_in(expect, "valid", state.has_value()) +
         difference_in(expect, "header", header) +
         difference_in(expect, "members", members_of(header));
}

std::string differing_change(const Vector& vector) {
  auto state = Tracestate::parse(text_of(vector.in, vector.op == "set_order" ? "start" : "header"));
  if (!state) return "refused the header";
  bool error = false;
  if (vector.op == "insert") {
    error = !state->set(text_of(vector.in, "key"), text_of(vector.in, "value"));
  } else if (vector.op == "delete") {
    state->remove(text_of(vector.in, "key"));
  } else {
    for (const auto& [key, value] : headers_of(vector.in.at("set"))) {
      error = !state->set(key, value) || error;
    }
  }
  return difference_in(vector.expect, "error", error) +
         difference_in(vector.expect, "header", state->to_string());
}

TEST(W3cVectors, Tracestate) {
  const test::Choices choices{
      // The first of two members with the same key is kept.
      {"go-ts-001", Choice::kOtherwise},
      {"go-ts-002", Choice::kOtherwise},
      // Level 2 has one grammar for all keys, in which '@' and a digit in front mean nothing
      // special.
      {"go-ts-006", Choice::kOtherwise},
      {"go-ts-008", Choice::kOtherwise},
      {"go-ts-009", Choice::kOtherwise},
      {"go-ts-011", Choice::kOtherwise},
      {"go-ts-012", Choice::kOtherwise},
      {"js-ts-key-010", Choice::kOtherwise},
      {"js-ts-key-017", Choice::kOtherwise},
      // One malformed member makes the header invalid.
      {"js-ts-003", Choice::kOtherwise},
  };
  test::check_vectors("tracestate.json", choices, [](const Vector& vector) {
    const auto& [id, op, in, expect] = vector;
    if (op == "key") {
      return difference_in(expect, "valid", Tracestate::is_valid_key(text_of(in, "key")));
    }
    if (op == "value") {
      return difference_in(expect, "valid", Tracestate::is_valid_value(text_of(in, "value")));
    }
    return op == "parse" ? differing_parse(in, expect) : differing_change(vector);
  });
}

}  // namespace
}  // namespace waybill
