#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/init/internal/precedence_fixture.h>

namespace waybill::internal {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += name + ";";
  return all;
}

TEST(Precedence, OfPropagationOptions) {
  const std::string all_fields = joined(PropagatorOptions().travelling_fields);
  expect_precedence({
      {"formats",
       [](InitOptions& o) { o.propagation.formats = FormatList{Format::kB3}; },
       "propagation.formats = ['jaeger', 'xray']",
       {{"OTEL_PROPAGATORS", "b3multi, gcp"}},
       [](const Settings& s) { return s.propagation.formats.to_string(); },
       {"b3", "jaeger,xray", "b3multi,gcp", "tracecontext,baggage,x-trace-id"}},
      {"extract_formats",
       [](InitOptions& o) { o.propagation.extract_formats = FormatList{Format::kB3}; },
       "propagation.extract_formats = 'none'",
       {},
       [](const Settings& s) {
         const auto& formats = s.propagation.extract_formats;
         return formats ? formats->to_string() : "unset";
       },
       {"b3", "none", "unset", "unset"}},
      {"trace_id_headers",
       [](InitOptions& o) { o.propagation.trace_id_headers = {"X-C"}; },
       "propagation.trace_id_headers = ['X-F', 'X-G']",
       {},
       [](const Settings& s) { return joined(s.propagation.trace_id_headers); },
       {"X-C;", "X-F;X-G;", "X-Trace-ID;", "X-Trace-ID;"}},
      {"spelling",
       [](InitOptions& o) { o.propagation.spelling = TraceIdSpelling::kHex; },
       "propagation.spelling = 'uuid'",
       {},
       [](const Settings& s) { return text_of(s.propagation.spelling == TraceIdSpelling::kUuid); },
       {"false", "true", "false", "false"}},
      {"travelling_fields",
       [](InitOptions& o) { o.propagation.travelling_fields = {"c"}; },
       "propagation.travelling_fields = ['f']",
       {},
       [](const Settings& s) { return joined(s.propagation.travelling_fields); },
       {"c;", "f;", all_fields, all_fields}},
  });
}

TEST(Precedence, OfTheRings) {
  expect_precedence({
      {"ring_bytes",
       [](InitOptions& o) { o.pipeline.ring_bytes = 4096; },
       "pipeline.ring_bytes = '8KiB'",
       {{"WAYBILL_PIPELINE_RING_BYTES", "16384"}},
       [](const Settings& s) { return text_of(s.pipeline.ring_bytes); },
       {"4096", "8192", "16384", "32768"}},
      {"ring_bytes_limit",
       [](InitOptions& o) { o.pipeline.ring_bytes_limit = 65'536; },
       "pipeline.ring_bytes_limit = 131072",
       {{"WAYBILL_PIPELINE_RING_BYTES_LIMIT", "256KiB"}},
       [](const Settings& s) { return text_of(s.pipeline.ring_bytes_limit); },
       {"65536", "131072", "262144", "4194304"}},
  });
}

TEST(Precedence, OfTimes) {
  using namespace std::chrono_literals;
  expect_precedence({
      {"longest_wait",
       [](InitOptions& o) { o.pipeline.longest_wait = 1ms; },
       "pipeline.longest_wait = '2ms'",
       {{"WAYBILL_PIPELINE_LONGEST_WAIT", "3ms"}},
       [](const Settings& s) { return text_of(s.pipeline.longest_wait); },
       {"1", "2", "3", "100"}},
      {"shortest_sleep",
       [](InitOptions& o) { o.pipeline.shortest_sleep = 1us; },
       "pipeline.shortest_sleep = '2us'",
       {{"WAYBILL_PIPELINE_SHORTEST_SLEEP", "3us"}},
       [](const Settings& s) { return text_of(s.pipeline.shortest_sleep); },
       {"1", "2", "3", "100"}},
      {"longest_sleep",
       [](InitOptions& o) { o.pipeline.longest_sleep = 1ms; },
       "pipeline.longest_sleep = '2ms'",
       {{"WAYBILL_PIPELINE_LONGEST_SLEEP", "3ms"}},
       [](const Settings& s) { return text_of(s.pipeline.longest_sleep); },
       {"1000", "2000", "3000", "10000"}},
      {"exit_timeout",
       [](InitOptions& o) { o.pipeline.exit_timeout = 1s; },
       "pipeline.exit_timeout = '2s'",
       {{"WAYBILL_PIPELINE_EXIT_TIMEOUT", "3s"}},
       [](const Settings& s) { return text_of(s.pipeline.exit_timeout); },
       {"1000", "2000", "3000", "5000"}},
  });
}

// Of two values, of which the one that is not the default is set by the file in the first case, by
// the environment in the second.
void expect_switch(const std::string& key, const std::string& variable, const std::string& usual,
                   const std::string& other, void (*set_usual)(InitOptions&),
                   bool (*is_other)(const Settings&)) {
  const std::string toml = "pipeline." + key + " = " + other;
  const auto plain = [](std::string text) {
    return text.front() == '\'' ? text.substr(1, text.size() - 2) : text;
  };
  const auto read = [is_other](const Settings& s) { return text_of(is_other(s)); };
  expect_precedence({{key.c_str(),
                      set_usual,
                      toml.c_str(),
                      {{variable, plain(usual)}},
                      read,
                      {"false", "true", "false", "false"}},
                     {variable.c_str(),
                      set_usual,
                      "",
                      {{variable, plain(other)}},
                      read,
                      {"false", "true", "true", "false"}}});
}

TEST(Precedence, OfSwitches) {
  expect_switch(
      "synchronous", "WAYBILL_PIPELINE_SYNCHRONOUS", "false", "true",
      [](InitOptions& o) { o.pipeline.synchronous = false; },
      [](const Settings& s) { return s.pipeline.synchronous; });
  expect_switch(
      "when_full", "WAYBILL_PIPELINE_WHEN_FULL", "'drop'", "'wait'",
      [](InitOptions& o) { o.pipeline.when_full = WhenFull::kDrop; },
      [](const Settings& s) { return s.pipeline.when_full == WhenFull::kWait; });
  expect_switch(
      "clock", "WAYBILL_PIPELINE_CLOCK", "'auto'", "'system'",
      [](InitOptions& o) { o.pipeline.clock = ClockSource::kAutomatic; },
      [](const Settings& s) { return s.pipeline.clock == ClockSource::kSystem; });
  expect_switch(
      "crash_handler", "WAYBILL_PIPELINE_CRASH_HANDLER", "false", "true",
      [](InitOptions& o) { o.pipeline.crash_handler = false; },
      [](const Settings& s) { return s.crash_handler; });
}

}  // namespace
}  // namespace waybill::internal
