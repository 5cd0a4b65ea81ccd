#include <list>
#include <utility>
#include <vector>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/internal/baggage_text.h>
#include <waybill/propagation/internal/carried_baggage.h>
#include <waybill/propagation/internal/readers.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/jaeger.h>

namespace waybill::internal {

std::string_view read_baggage(std::string_view text, std::string& storage) {
  const NormalizedBaggage normal = normalize_baggage(text, storage);
  if (normal.malformed != 0) {
    count_rejection(&RejectionCounts::baggage_malformed, normal.malformed);
  }
  if (normal.too_long != 0) count_rejection(&RejectionCounts::baggage_too_long, normal.too_long);
  return normal.text;
}

std::string_view read_carried_baggage(const HeaderLookup& headers, std::string_view lineage,
                                      std::string& storage) {
  std::string_view text;
  if (headers.has(kBaggageNumber)) text = read_baggage(headers.value(kBaggageNumber), storage);
  const bool has_jaeger = headers.has(kJaegerBaggageNumber) || !headers.prefixed().empty();
  if (!has_jaeger && lineage.empty()) return text;

  Baggage baggage = Baggage::parse(text);
  const auto add = [&baggage](std::string_view key, std::string_view value) {
    if (!baggage.get(key) && !baggage.set(key, value)) {
      count_rejection(&RejectionCounts::baggage_too_long);
    }
  };
  for (const auto& [key, value] : headers.prefixed()) {
    if (!read_uber_context(key, value, add)) {
      count_rejection(&RejectionCounts::baggage_malformed);
    }
  }
  if (headers.has(kJaegerBaggageNumber)) {
    const std::size_t malformed = read_jaeger_baggage(headers.value(kJaegerBaggageNumber), add);
    if (malformed != 0) count_rejection(&RejectionCounts::baggage_malformed, malformed);
  }
  if (!lineage.empty()) add(kLineageKey, lineage);
  storage = baggage.to_string();
  return storage;
}

Context with_travelled_fields(const PropagatorPlan& plan, const Context& context) {
  std::vector<Field> fields;
  std::list<std::string> values;  // which stay where they are
  for (std::string_view rest = context.baggage(); !rest.empty();) {
    const BaggageItem member = split_baggage_member(take_baggage_member(rest));
    if (!plan.travels(member.key)) continue;
    std::string& storage = values.emplace_back();
    fields.push_back({member.key, decode_baggage_value(member.value, storage)});
  }
  return context.with(Fields(fields.data(), fields.size()));
}

std::string_view baggage_to_carry(const PropagatorPlan& plan, const Context& context,
                                  std::string& storage) {
  const std::string_view text = normalize_baggage(context.baggage(), storage).text;
  bool any_travels = false;
  for (const Field& field : context.fields()) any_travels |= plan.travels(field.key);
  if (!any_travels) return text;

  Baggage baggage = Baggage::parse(text);
  for (const Field& field : context.fields()) {
    if (plan.travels(field.key)) baggage.set(field.key, field.value.to_string());
  }
  storage = baggage.to_string();
  return storage;
}

}  // namespace waybill::internal
