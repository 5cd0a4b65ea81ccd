#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/trace/internal/sampling_fixture.h>
#include <waybill/trace/sampler_names.h>

namespace waybill {
namespace {

TEST(SamplerNames, AreThoseOfOpenTelemetryAndTwoMore) {
  const struct {
    const char* name;
    const char* argument;
    const char* description;
  } cases[] = {
      {"always_on", "", "AlwaysOnSampler"},
      {"always_off", "", "AlwaysOffSampler"},
      {"traceidratio", "0.25", "TraceIdRatioBased{0.25}"},
      {"traceidratio", "1e-3", "TraceIdRatioBased{0.001}"},
      {"traceidratio", "0", "TraceIdRatioBased{0}"},
      {"traceidratio", "", "TraceIdRatioBased{1}"},
      {"parentbased_always_on", "", "ParentBased{AlwaysOnSampler}"},
      {"parentbased_always_off", "", "ParentBased{AlwaysOffSampler}"},
      {"parentbased_traceidratio", "0.5", "ParentBased{TraceIdRatioBased{0.5}}"},
      {"rate_limiting", "100", "RateLimitingSampler{100}"},
      {"parentbased_rate_limiting", "0.5", "ParentBased{RateLimitingSampler{0.5}}"},
      // Left over from another sampler.
      {"always_on", "0.1", "AlwaysOnSampler"},
      {"ParentBased_ALWAYS_on", "", "ParentBased{AlwaysOnSampler}"},
  };
  for (const auto& [name, argument, description] : cases) {
    EXPECT_EQ(sampler_from_name(name, argument, "OTEL_TRACES_SAMPLER")->description(), description);
  }
}

TEST(SamplerNames, SayWhatWouldBeRight) {
  const auto make = [](const char* name, const char* argument) {
    return [=] { sampler_from_name(name, argument, "SAMPLER", "SAMPLER_ARG"); };
  };
  for (const char* name : {"", "jaeger_remote", "alwayson", "parentbased_", "always_on ",
                           "parentbased_parentbased_always_on"}) {
    EXPECT_THAT(make(name, ""),
                testing::ThrowsMessage<Error>(
                    "option 'SAMPLER': '" + std::string(name) +
                    "' is not valid: expected always_on, always_off, traceidratio or "
                    "rate_limiting, each also with parentbased_ in front"));
  }
  for (const char* ratio : {"1.01", "-0.1", "nan", "inf", "10%", "0,5", " 0.5", "x", "0x1"}) {
    EXPECT_THAT(make("parentbased_traceidratio", ratio),
                testing::ThrowsMessage<Error>("option 'SAMPLER_ARG': '" + std::string(ratio) +
                                              "' is not valid: expected a share of 0 to 1"));
  }
  for (const char* rate : {"", "0", "-1", "1000001", "many"}) {
    EXPECT_THAT(make("rate_limiting", rate),
                testing::ThrowsMessage<Error>(
                    "option 'SAMPLER_ARG': '" + std::string(rate) +
                    "' is not valid: expected traces a second, 0.000001 to 1000000"));
  }
}

TEST(SamplerNames, NameTheOneOptionThatTheyHave) {
  EXPECT_THAT([] { sampler_from_name("traceidratio", "2", "tracing.sampler"); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("option 'tracing.sampler': '2'")));
}

}  // namespace
}  // namespace waybill
