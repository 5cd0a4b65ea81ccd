// Messages within a message, whose size is entered once they have been written, in as many bytes as
// were left free for it: varints may be longer than they need to be (protobuf.dev, "Encoding").
#pragma once

#include <cstddef>
#include <cstdint>

#include <waybill/otlp/wire_buffer.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {

// For any message: up to 32 GiB.
inline constexpr std::size_t kPaddedSize = 5;

template <std::size_t kBytes>
char* put_padded_size(char* out, std::size_t size) noexcept {
  for (std::size_t i = 0; i + 1 < kBytes; ++i) {
    *out++ = static_cast<char>((size & 0x7f) | 0x80);
    size >>= 7;
  }
  *out++ = static_cast<char>(size);
  return out;
}

// Begins field `number`, a message; its content begins where the buffer ends then. False: there is
// no memory.
inline bool begin_message(WireBuffer& out, std::uint32_t number) noexcept {
  char* const at = out.room(1 + kPaddedSize);
  if (at == nullptr) return false;
  out.set_end(detail::put_tag(at, number, detail::WireType::kBytes) + kPaddedSize);
  return true;
}

// It ends where the buffer does. May be called again when more has been appended.
inline void end_message(WireBuffer& out, std::size_t content_at) noexcept {
  put_padded_size<kPaddedSize>(out.data() + content_at - kPaddedSize, out.size() - content_at);
}

}  // namespace waybill::internal
