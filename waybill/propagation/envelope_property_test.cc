// Envelopes of any JSON object and any context come back as they went.
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/envelope.h>

namespace waybill {
namespace {

std::string spelled(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', *rc::gen::arbitrary<bool>(),
                                   nlohmann::json::error_handler_t::replace);
}

std::string space() {
  return *rc::gen::element<std::string>("", "", "", " ", "\n", "\t ", "\r\n  ");
}

std::string json_value(int depth);

// `{"key":value,…}` or `[value,…]`, with whatever whitespace and whichever keys twice.
std::string json_container(int depth, bool object) {
  std::string text = (object ? "{" : "[") + space();
  const int size = *rc::gen::inRange(0, 4);
  for (int i = 0; i < size; ++i) {
    if (i != 0) text += "," + space();
    if (object) {
      const auto key = *rc::gen::oneOf(rc::gen::element<std::string>("a", "a", "_trace_", "fields"),
                                       rc::gen::arbitrary<std::string>());
      text += spelled(key == "_trace" ? "_" : key) + space() + ":" + space();
    }
    text += json_value(depth - 1) + space();
  }
  return text + (object ? "}" : "]");
}

std::string json_value(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 6 : 4)) {
    case 0:
      return *rc::gen::element<std::string>("null", "true", "false");
    case 1:
      return *rc::gen::element<std::string>("0", "-0", "1.0", "1e5", "1E+05", "-0.10e-7",
                                            "123456789012345678901234567890");
    case 2:
      return *rc::gen::element<std::string>(R"("\u005f\/")", R"("{\"_trace\":1}")");
    case 3:
      return spelled(*rc::gen::arbitrary<std::string>());
    default:
      return json_container(depth, *rc::gen::arbitrary<bool>());
  }
}

RC_GTEST_PROP(EnvelopeProperty, ThePayloadComesBackByteForByte, ()) {
  const std::string payload = space() + json_container(4, true) + space();
  RC_ASSERT(nlohmann::json::accept(payload));
  const auto sent = inject_envelope(payload, Context::new_trace());
  RC_ASSERT(sent.has_value());
  RC_ASSERT(nlohmann::json::accept(*sent));
  const auto received = extract_envelope(*sent);
  RC_ASSERT(received.has_value());
  RC_ASSERT(received->payload == payload);
  RC_ASSERT(received->context.has_trace());
}

// A `_trace` put in by somebody else, wherever it stands, leaves valid JSON when it is taken out.
RC_GTEST_PROP(EnvelopeProperty, TakingATraceOutLeavesTheOtherMembers, ()) {
  std::string text = "{" + space();
  std::vector<std::string> others;
  const int size = *rc::gen::inRange(0, 7);
  for (int i = 0; i < size; ++i) {
    if (i != 0) text += "," + space();
    const bool trace = *rc::gen::arbitrary<bool>();
    const std::string value = json_value(1);
    if (!trace) others.push_back(value);
    text += (trace ? "\"_trace\"" : "\"k" + std::to_string(others.size()) + '"') + ":" + value;
    text += space();
  }
  text += "}";

  const auto received = extract_envelope(text);
  RC_ASSERT(received.has_value());
  nlohmann::json expected = nlohmann::json::object();
  for (std::size_t i = 0; i < others.size(); ++i) {
    expected["k" + std::to_string(i + 1)] = nlohmann::json::parse(others[i]);
  }
  RC_ASSERT(nlohmann::json::parse(received->payload) == expected);
}

RC_GTEST_PROP(EnvelopeProperty, AcceptsWhatAnotherParserAccepts, ()) {
  std::string text = json_container(3, true);
  RC_PRE(text.find("\\ud") ==
         std::string::npos);  // of half a surrogate the other thinks differently
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = *rc::gen::elementOf(std::string("{}[]:,\"\\ 0.-tx\x01\xff"));
  RC_ASSERT(extract_envelope(text).has_value() ==
            (nlohmann::json::accept(text) && nlohmann::json::parse(text).is_object()));
}

RC_GTEST_PROP(EnvelopeProperty, ContextsComeBackAsTheyWent,
              (std::int64_t number, double real, bool truth, std::uint8_t flags)) {
  const std::string text = nlohmann::json::parse(spelled(*rc::gen::arbitrary<std::string>()));
  const std::string name = "trace-" + std::to_string(number);
  const Context sent =
      Context::new_trace({.name = truth ? name : "", .flags = TraceFlags(flags & 3)})
          .with({{"text", text}, {"number", number}, {"real", real}, {"truth", truth}})
          .child();
  const Context received = extract_envelope(inject_envelope("{}", sent).value())->context;
  RC_ASSERT(received.trace_id() == sent.trace_id());
  RC_ASSERT(received.span_id() == sent.span_id());
  RC_ASSERT(received.parent_span_id() == sent.parent_span_id());
  RC_ASSERT(received.flags() == sent.flags());
  RC_ASSERT(received.trace_name() == sent.trace_name());
  RC_ASSERT(received.fields().size() == sent.fields().size());
  for (const Field& field : sent.fields()) {
    const Field* found = received.fields().find(field.key);
    RC_ASSERT(found != nullptr);
    RC_ASSERT(found->value == field.value);
  }
}

RC_GTEST_PROP(EnvelopeProperty, SurvivesAnyBytes, (const std::string& bytes)) {
  extract_envelope(bytes);
  extract_envelope("{\"_trace\":{" + bytes + "}}");
  inject_envelope(bytes, Context::new_trace());
}

}  // namespace
}  // namespace waybill
