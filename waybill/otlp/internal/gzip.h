// Gzip: compresses one request after another (RFC 1952) with the memory of the first. At zlib's
// fastest level: telemetry repeats itself, and higher levels gain little.
#pragma once

#include <string_view>

#include <zlib.h>

#include <waybill/otlp/wire_buffer.h>

namespace waybill::internal {

class Gzip {
 public:
  Gzip() noexcept = default;
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  ~Gzip();

  // Replaces what is in `out`. False: there was no memory.
  bool compress(std::string_view bytes, WireBuffer& out) noexcept;

 private:
  z_stream stream_ = {};
  bool is_open_ = false;
};

}  // namespace waybill::internal
