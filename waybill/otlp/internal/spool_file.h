// One batch in one file: a header that says what it is, and the request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/otlp/internal/partial_success.h>
#include <waybill/otlp/wire_buffer.h>

namespace waybill::internal {

struct SpooledBatch {
  std::uint32_t records = 0;
  Encoding encoding = Encoding::kProtobuf;
};

// Writes the file under another name, has it on the disk, and gives it its name. False: it could
// not, and left nothing.
bool write_spool_file(const std::string& path, std::string_view request,
                      const SpooledBatch& batch) noexcept;

enum class SpoolRead : std::uint8_t {
  kRead,
  kGone,        // there is none
  kUnreadable,  // torn, or not such a file
  kNotOurs,     // it may not be opened, or is of the encoding that is left alone
  kFailed,      // the system cannot, for now
};

// Replaces what is in `request`.
SpoolRead read_spool_file(const std::string& path, std::optional<Encoding> left_alone,
                          WireBuffer& request, SpooledBatch& batch) noexcept;

// What the header says, without a look at the rest; 0 records for anything else.
SpooledBatch read_spool_header(const std::string& path) noexcept;

// The name that a file has until it is complete. Its writer holds a lock on it.
inline constexpr std::string_view kIncompleteSuffix = ".tmp";
// Whether its writer is gone.
bool is_left_incomplete(const std::string& path) noexcept;

}  // namespace waybill::internal
