#include <waybill/log/record.h>

namespace waybill {

const Field* LogRecord::find(std::string_view key) const noexcept {
  // The last of several wins within the call's own list too.
  for (std::size_t i = call_fields.size(); i-- > 0;) {
    if (call_fields[i].key == key) return &call_fields[i];
  }
  if (const Field* field = logger_fields.find(key)) return field;
  return context.fields().find(key);
}

void append_trace_id(std::string& out, const Context& context, TraceIdSpelling spelling) {
  if (!context.has_trace()) return;
  const std::string_view name = context.trace_name();
  if (!name.empty()) {
    out.append(name);
  } else if (spelling == TraceIdSpelling::kUuid) {
    out.append(context.trace_id().to_uuid());
  } else {
    char digits[TraceId::kHexSize];
    context.trace_id().write_hex(digits);
    out.append(digits, sizeof digits);
  }
}

}  // namespace waybill
