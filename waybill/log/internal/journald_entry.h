// JournaldEntry: a record in systemd's "Native Journal Protocol", as journald_sink.h describes.
#pragma once

#include <string>
#include <string_view>

#include <waybill/log/record.h>

namespace waybill::internal {

// The journal's name for a record's field: A-Z, 0-9 and '_', a letter first, at most 64 of them.
void append_journald_name(std::string& out, std::string_view key);

class JournaldEntry {
 public:
  // Empty: the service's name or else the program's.
  explicit JournaldEntry(std::string identifier);

  // Valid until the next call.
  std::string_view build(const LogRecord& record);

 private:
  void append(std::string_view name, std::string_view value);
  void append_value(std::string_view value);
  void append_number(std::string_view name, std::uint64_t value);
  void append_trace(const LogRecord& record);

  std::string identifier_;
  std::string program_;
  std::string entry_;
};

}  // namespace waybill::internal
