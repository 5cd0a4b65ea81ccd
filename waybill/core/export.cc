#include <waybill/core/export.h>

namespace waybill {

std::map<std::string, std::string> export_fields(const Context& context) {
  std::map<std::string, std::string> all;
  for (const Field& field : context.fields()) {
    all.insert_or_assign(std::string(field.key), field.value.to_string());
  }
  if (context.has_trace()) {
    const std::string_view name = context.trace_name();
    all["trace_id"] = name.empty() ? context.trace_id().to_hex() : std::string(name);
  }
  if (context.span_id().is_valid()) all["span_id"] = context.span_id().to_hex();
  if (context.parent_span_id().is_valid()) {
    all["parent_span_id"] = context.parent_span_id().to_hex();
  }
  return all;
}

}  // namespace waybill
