// Finding trace ids in the text of a JSON line, without parsing it.
#pragma once

#include <cstddef>
#include <string_view>

namespace waybill::cli {

// Steps through the values of keys that end in trace_id, traceId, trace.id or trace, in any case.
//
//   TraceKeySearch search(line);
//   while (search.next()) use(search.value());
class TraceKeySearch {
 public:
  explicit TraceKeySearch(std::string_view line) noexcept : line_(line) {}

  bool next() noexcept;

  // The text between the quotes. Meaningless when is_opaque().
  std::string_view value() const noexcept { return value_; }

  // The value is not a plain string (an object, or text with escapes): only a parser can tell.
  bool is_opaque() const noexcept { return opaque_; }

 private:
  bool read_value(std::size_t after_key) noexcept;

  std::string_view line_;
  std::size_t at_ = 0;
  std::string_view value_;
  bool opaque_ = false;
};

// Google Cloud's loggers write "projects/NAME/traces/ID" where others write the id; the id then,
// else `value` as it is.
std::string_view trace_in_resource_name(std::string_view value) noexcept;

}  // namespace waybill::cli
