// The W3C's own test inputs, and those of other implementations that agree with the standard.
#include <fstream>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* name) {
  return object.at(name).get<std::string>();
}

json load(const std::string& file) {
  std::ifstream in(std::string(WAYBILL_TEST_DATA) + "/" + file);
  if (!in) throw std::runtime_error("cannot read " + file);
  return json::parse(in);
}

// Calls `check` with each vector that must hold, and names the one that fails.
template <class Check>
void for_each_vector(const std::string& file, Check check) {
  int checked = 0;
  const json table = load(file);
  for (const json& vector : table.at("vectors")) {
    if (!vector.at("agreed").get<bool>() && vector.at("tier") != "normative") continue;
    SCOPED_TRACE(vector.at("id").get<std::string>());
    check(vector.at("op").get<std::string>(), vector.at("in"), vector.at("expect"));
    ++checked;
  }
  EXPECT_GT(checked, 50);
}

HeaderListCarrier::Headers headers_of(const json& list) {
  HeaderListCarrier::Headers headers;
  for (const json& header : list)
    headers.emplace_back(header.at(0).get<std::string>(), header.at(1).get<std::string>());
  return headers;
}

json members_of(std::string_view tracestate) {
  json list = json::array();
  const auto state = Tracestate::parse(tracestate);
  for (const auto& [key, value] : state->members()) list.push_back({key, value});
  return list;
}

// Checks a value that only some vectors speak of.
void expect_if_named(const json& expect, const char* name, const json& actual) {
  if (expect.contains(name)) {
    EXPECT_EQ(actual, expect.at(name)) << name;
  }
}

void check_ids(const Context& remote, const json& expect) {
  expect_if_named(expect, "trace_id", remote.trace_id().to_hex());
  expect_if_named(expect, "span_id", remote.span_id().to_hex());
  expect_if_named(expect, "flags", remote.flags().byte());
  expect_if_named(expect, "sampled", remote.flags().sampled());
  expect_if_named(expect, "random", remote.flags().random());
}

// What a service sends on when it was called with these headers.
void check_next_hop(const Context& remote, const json& expect) {
  HeaderListCarrier::Headers sent;
  HeaderListCarrier carrier(sent);
  inject(remote.child(), carrier);
  const auto parent = parse_traceparent(carrier.get_joined(kTraceparentHeader));
  ASSERT_TRUE(parent);
  EXPECT_EQ(parent->trace_id.to_hex(), text_of(expect, "continue_trace_id"));
  EXPECT_NE(parent->span_id.to_hex(), text_of(expect, "new_span_id_differs_from"));
  EXPECT_EQ(int{parent->flags.byte()}, expect.at("flags").get<int>());
  expect_if_named(expect, "tracestate", members_of(carrier.get_joined(kTracestateHeader)));
}

void check_extract(const json& in, const json& expect) {
  const HeaderListCarrier::Headers headers = headers_of(in.at("headers"));
  const RejectionCounts before = rejections();
  const Context remote = extract(HeaderListCarrier(headers));
  ASSERT_EQ(remote.has_trace(), expect.at("valid").get<bool>());
  if (!remote.has_trace()) return;
  check_ids(remote, expect);
  expect_if_named(expect, "tracestate", members_of(remote.tracestate()));
  expect_if_named(expect, "tracestate_valid", rejections() == before);
  if (expect.contains("continue_trace_id")) check_next_hop(remote, expect);
}

void check_inject(const json& in, const json& expect) {
  const std::string tracestate = text_of(in, "tracestate");
  const Context context =
      Context::new_trace({.trace_id = TraceId::from_hex(text_of(in, "trace_id")),
                          .span_id = SpanId::from_hex(text_of(in, "span_id")),
                          .flags = TraceFlags(in.at("flags").get<std::uint8_t>()),
                          .tracestate = tracestate});
  HeaderListCarrier::Headers headers;
  HeaderListCarrier carrier(headers);
  inject(context, carrier);
  carrier.remove(kXTraceIdHeader);
  EXPECT_EQ(headers, headers_of(expect.at("headers")));
}

void check_syntax(const std::string& text, bool expected) {
  const bool zero_id = text.find(std::string(32, '0')) != std::string::npos ||
                       text.find("-0000000000000000-") != std::string::npos;
  EXPECT_EQ(parse_traceparent(text).has_value(), expected && !zero_id);
}

TEST(W3cVectors, Tracecontext) {
  for_each_vector("tracecontext.json",
                  [](const std::string& op, const json& in, const json& expect) {
                    if (op == "inject") {
                      check_inject(in, expect);
                    } else if (op == "syntax") {
                      check_syntax(text_of(in, "traceparent"), expect.at("syntax_ok").get<bool>());
                    } else {
                      check_extract(in, expect);
                    }
                  });
}

void check_parse(const json& in, const json& expect) {
  const auto state = Tracestate::parse(text_of(in, "header"));
  const std::string header = state.value_or(Tracestate()).to_string();
  expect_if_named(expect, "valid", state.has_value());
  expect_if_named(expect, "header", header);
  expect_if_named(expect, "members", members_of(header));
}

void check_insert(const json& in, const json& expect) {
  auto state = Tracestate::parse(text_of(in, "header"));
  ASSERT_TRUE(state);
  const bool done = state->set(text_of(in, "key"), text_of(in, "value"));
  EXPECT_NE(done, expect.at("error").get<bool>());
  EXPECT_EQ(state->to_string(), text_of(expect, "header"));
}

void check_delete(const json& in, const json& expect) {
  auto state = Tracestate::parse(text_of(in, "header"));
  ASSERT_TRUE(state);
  state->remove(text_of(in, "key"));
  EXPECT_EQ(state->to_string(), text_of(expect, "header"));
}

void check_set_order(const json& in, const json& expect) {
  auto state = Tracestate::parse(text_of(in, "start"));
  ASSERT_TRUE(state);
  for (const json& member : in.at("set")) {
    EXPECT_TRUE(state->set(member.at(0).get<std::string>(), member.at(1).get<std::string>()));
  }
  EXPECT_EQ(state->to_string(), text_of(expect, "header"));
}

TEST(W3cVectors, Tracestate) {
  for_each_vector("tracestate.json", [](const std::string& op, const json& in, const json& expect) {
    if (op == "key") {
      EXPECT_EQ(Tracestate::is_valid_key(text_of(in, "key")), expect.at("valid").get<bool>());
    } else if (op == "value") {
      EXPECT_EQ(Tracestate::is_valid_value(text_of(in, "value")), expect.at("valid").get<bool>());
    } else if (op == "insert") {
      check_insert(in, expect);
    } else if (op == "delete") {
      check_delete(in, expect);
    } else if (op == "set_order") {
      check_set_order(in, expect);
    } else {
      EXPECT_EQ(op, "parse");
      check_parse(in, expect);
    }
  });
}

}  // namespace
}  // namespace waybill
