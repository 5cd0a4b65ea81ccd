// Baggage on its way between a carrier and a context: from all the headers that have any, with the
// fields that travel in it.
#pragma once

#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/header_lookup.h>
#include <waybill/propagation/internal/propagator_plan.h>

namespace waybill::internal {

// What was looked for and found: the header baggage, Jaeger's, and `lineage` from X-Ray; of a
// key that is in several, the first. The result may be a view into `storage`.
std::string_view read_carried_baggage(const HeaderLookup& headers, std::string_view lineage,
                                      std::string& storage);

// The context with the travelling fields that are in its baggage.
Context with_travelled_fields(const PropagatorPlan& plan, const Context& context);

// The context's baggage, with its travelling fields, as a header. May be a view into `storage`.
std::string_view baggage_to_carry(const PropagatorPlan& plan, const Context& context,
                                  std::string& storage);

// The member of the baggage that is X-Ray's Lineage.
inline constexpr std::string_view kLineageKey = "Lineage";

}  // namespace waybill::internal
