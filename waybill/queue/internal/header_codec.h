// Headers as bytes, to be stored: for each name and value its size (4 bytes, little-endian) and the
// text itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <waybill/queue/message.h>

namespace waybill::queue::internal {

// Throws waybill::Error when a name or value is 4 GiB or more.
std::string encode(const Headers& headers);

// Empty when the bytes are not what encode() writes.
std::optional<Headers> decode(std::string_view bytes);

}  // namespace waybill::queue::internal
