#include <waybill/log/record.h>

namespace waybill {

const Field* LogRecord::find(std::string_view key) const noexcept {
  // The last of several wins within the call's own list too.
  for (std::size_t i = call_fields.size(); i-- > 0;) {
    if (call_fields[i].key == key) return &call_fields[i];
  }
  if (const Field* field = logger_fields.find(key)) return field;
  return context_fields.find(key);
}

const Resource& LogRecord::no_resource() noexcept {
  static const Resource none;
  return none;
}

void append_trace_id(std::string& out, const LogRecord& record, TraceIdSpelling spelling) {
  if (!record.has_trace()) return;
  if (!record.trace_name.empty()) {
    out.append(record.trace_name);
  } else if (spelling == TraceIdSpelling::kUuid) {
    out.append(record.trace_id.to_uuid());
  } else {
    char digits[TraceId::kHexSize];
    record.trace_id.write_hex(digits);
    out.append(digits, sizeof digits);
  }
}

}  // namespace waybill
