// Samplers by the names that OpenTelemetry's environment variables give them ("Environment Variable
// Specification": OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG).
#pragma once

#include <memory>
#include <string_view>

#include <waybill/trace/sampler.h>

namespace waybill {

// The name, in either case, and what its argument is:
//
//   always_on, always_off, parentbased_always_on, parentbased_always_off    not looked at
//   traceidratio, parentbased_traceidratio      the share of traces, 0 to 1; empty: 1
//   rate_limiting, parentbased_rate_limiting    traces a second, 0.000001 to 1000000
//
// The last two are Waybill's own. Throws Error for anything else; `option` and `argument_option`
// (empty: `option`, too) are what it says where the values came from.
std::shared_ptr<Sampler> sampler_from_name(std::string_view name, std::string_view argument,
                                           std::string_view option,
                                           std::string_view argument_option = {});

}  // namespace waybill
