// RecordContext: what a record says about the context that was current at its call.
// record_context() in records.h finds it.
#pragma once

#include <optional>
#include <string_view>

#include <waybill/bridges/spdlog/packed_fields.h>
#include <waybill/core/context.h>

namespace waybill::spdlog_bridge {
namespace detail {
class PackedName;
}

// Refers to the record that it was read from, or to the ambient context: read it where the record
// is handled, and keep copies, not it. All zero and empty where nothing is known.
class RecordContext {
 public:
  RecordContext() noexcept = default;
  explicit RecordContext(const Context& context) noexcept
      : trace_id_(context.trace_id()),
        span_id_(context.span_id()),
        parent_span_id_(context.parent_span_id()),
        flags_(context.flags()),
        trace_name_(context.trace_name()),
        fields_(context.fields()) {}

  bool has_trace() const noexcept { return trace_id_.is_valid(); }
  const TraceId& trace_id() const noexcept { return trace_id_; }
  const SpanId& span_id() const noexcept { return span_id_; }
  const SpanId& parent_span_id() const noexcept { return parent_span_id_; }
  TraceFlags flags() const noexcept { return flags_; }
  // Empty when the trace is known by its id alone.
  std::string_view trace_name() const noexcept { return trace_name_; }

  // Calls visit(const Field&) for each field. Of an asynchronous logger's record: for each that it
  // was wanted to take along; see want_field().
  template <class Visit>
  void for_each_field(Visit&& visit) const {
    for (const Field& field : fields_) visit(field);
    for (std::string_view rest = packed_fields_; !rest.empty();) {
      const Field field = detail::unpack_field(rest);
      visit(field);
    }
  }

  std::optional<FieldValue> field(std::string_view key) const noexcept {
    if (const Field* found = fields_.find(key)) return found->value;
    for (std::string_view rest = packed_fields_; !rest.empty();) {
      const Field field = detail::unpack_field(rest);
      if (field.key == key) return field.value;
    }
    return std::nullopt;
  }

 private:
  friend class detail::PackedName;

  TraceId trace_id_;
  SpanId span_id_;
  SpanId parent_span_id_;
  TraceFlags flags_;
  std::string_view trace_name_;
  Fields fields_;                   // one of these two is empty
  std::string_view packed_fields_;  // as pack_field() wrote them
};

}  // namespace waybill::spdlog_bridge
