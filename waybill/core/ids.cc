#include <cstring>

#include <waybill/core/ids.h>
#include <waybill/core/sha256.h>

namespace waybill {

std::optional<TraceId> TraceId::from_hex(std::string_view text) noexcept {
  if (text.size() != kHexSize) return std::nullopt;
  TraceId id;
  std::uint8_t first_half[kSize / 2];
  // Most are in lower case, for which there is the faster way.
  const bool is_hex =
      hex::decode_lowercase_16_and_8(text.data(), id.bytes_, text.data(), first_half) ||
      hex::decode(text.data(), id.bytes_, kSize);
  if (!is_hex || !id.is_valid()) return std::nullopt;
  return id;
}

std::optional<TraceId> TraceId::from_uuid(std::string_view text) noexcept {
  if (text.size() != kUuidSize) return std::nullopt;
  char digits[kHexSize];
  char* out = digits;
  for (std::size_t i = 0; i < kUuidSize; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return std::nullopt;
    if (!dash) *out++ = text[i];
  }
  return from_hex({digits, kHexSize});
}

TraceId TraceId::from_name(std::string_view name) noexcept {
  if (const auto id = from_hex(name)) return *id;
  if (const auto id = from_uuid(name)) return *id;
  TraceId id;
  const Sha256Digest digest = sha256(name);
  std::memcpy(id.bytes_, digest.data(), kSize);
  return id;
}

std::string TraceId::to_hex() const {
  std::string text(kHexSize, '\0');
  write_hex(text.data());
  return text;
}

char* TraceId::write_uuid(char* out) const noexcept {
  char digits[kHexSize];
  write_hex(digits);
  const char* from = digits;
  for (const std::size_t size : {8, 4, 4, 4, 12}) {
    if (from != digits) *out++ = '-';
    std::memcpy(out, from, size);
    from += size;
    out += size;
  }
  return out;
}

std::string TraceId::to_uuid() const {
  char text[kUuidSize];
  return {text, write_uuid(text)};
}

std::optional<SpanId> SpanId::from_hex(std::string_view text) noexcept {
  SpanId id;
  if (text.size() != kHexSize || !hex::decode(text.data(), id.bytes_, kSize) || !id.is_valid()) {
    return std::nullopt;
  }
  return id;
}

std::string SpanId::to_hex() const {
  std::string text(kHexSize, '\0');
  write_hex(text.data());
  return text;
}

std::optional<TraceFlags> TraceFlags::from_hex(std::string_view text) noexcept {
  std::uint8_t byte;
  if (text.size() != 2 || !hex::decode(text.data(), &byte, 1)) return std::nullopt;
  return TraceFlags(byte);
}

std::string TraceFlags::to_hex() const {
  std::string text(2, '\0');
  hex::encode_byte(byte_, text.data());
  return text;
}

}  // namespace waybill
