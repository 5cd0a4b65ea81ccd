#include <waybill/otlp/internal/gzip.h>

namespace waybill::internal {
namespace {

constexpr int kWindow = 15 + 16;  // the largest one, with gzip's header and trailer
constexpr int kMemoryLevel = 8;

}  // namespace

Gzip::~Gzip() {
  if (is_open_) deflateEnd(&stream_);
}

bool Gzip::compress(std::string_view bytes, WireBuffer& out) noexcept {
  out.clear();
  if (is_open_) {
    deflateReset(&stream_);
  } else {
    is_open_ = deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, kWindow, kMemoryLevel,
                            Z_DEFAULT_STRATEGY) == Z_OK;
    if (!is_open_) return false;
  }
  // Room for the worst case, so that one call does it.
  const uLong most = deflateBound(&stream_, static_cast<uLong>(bytes.size()));
  char* const room = out.room(most);
  if (room == nullptr) return false;
  // zlib does not write to its input.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_.avail_in = static_cast<uInt>(bytes.size());
  stream_.next_out = reinterpret_cast<Bytef*>(room);
  stream_.avail_out = static_cast<uInt>(most);
  if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) return false;
  out.set_end(reinterpret_cast<char*>(stream_.next_out));
  return true;
}

}  // namespace waybill::internal
