// ContextAttributes: what a span says of the context that it began in, as attributes in wire form:
// the trace's name and the context's fields. Spans that follow each other mostly have the same, so
// that it is kept from one to the next: as copies, whose content is compared, because the memory
// that a span refers to is another's a moment later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/otlp/wire_buffer.h>
#include <waybill/trace/ended_span.h>

namespace waybill::internal {

class ContextAttributes {
 public:
  static constexpr std::string_view kTraceName = "waybill.trace_name";

  // Those whose key is not an attribute's of the span itself, each key once; valid until the next
  // call. Throws std::bad_alloc, and protozero::exception where what the span carries is not
  // protobuf.
  std::string_view of(const EndedSpan& span) {
    if (span.context_fields.empty() && span.trace_name.empty()) return {};
    return of_context(span);
  }

 private:
  struct Entry {
    Field field;      // its texts are in texts_
    std::size_t end;  // in all_
    bool overlaps;    // the span has the key itself
  };

  std::string_view of_context(const EndedSpan& span);
  bool is_kept(const EndedSpan& span) const noexcept;
  void keep(const EndedSpan& span);
  void add(const Field& field, bool leave_out = false);
  // Marks the entries that do.
  bool overlaps(std::string_view encoded);
  std::string_view not_overlapping();

  // Of the last span that had any.
  std::vector<Entry> entries_;
  std::string texts_;
  std::uint64_t keys_ = 0;  // a bit for each key; several may share one
  WireBuffer all_;
  WireBuffer some_;
};

}  // namespace waybill::internal
