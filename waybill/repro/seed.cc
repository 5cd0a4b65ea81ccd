#include <cstring>

#include <waybill/core/ids.h>
#include <waybill/core/sha256.h>
#include <waybill/repro/seed.h>

namespace waybill {

std::uint64_t derive_seed(std::uint64_t seed, std::string_view name) noexcept {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(seed >> (8 * i) & 0xff);
  Sha256 sha;
  sha.update({bytes, sizeof bytes});
  sha.update(name);
  const Sha256Digest digest = sha.finish();
  std::uint64_t derived = 0;
  for (std::size_t i = 0; i < 8; ++i) derived |= std::uint64_t{digest[i]} << (8 * i);
  return derived;
}

std::uint64_t random_seed() noexcept {
  std::uint64_t bits = 0;
  std::memcpy(&bits, SpanId::random().bytes(), sizeof bits);
  return bits >> 11;
}

}  // namespace waybill
