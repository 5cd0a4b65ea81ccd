// Writing to a descriptor so that no signal ends the process.
#pragma once

#include <string_view>

#include <waybill/log/sink.h>

namespace waybill::internal {

// Writes all of `bytes`, or as much as the descriptor takes. Neither a pipe without a reader
// (EPIPE) nor a file at the process's size limit (EFBIG) raises its signal.
SinkResult guarded_write(int descriptor, std::string_view bytes) noexcept;

}  // namespace waybill::internal
