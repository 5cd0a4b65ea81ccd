// SHA-256 (FIPS 180-4): of trace names, and of what a run is made of. core has no third-party code
// to borrow it from.
//
//   Sha256 sha;
//   while (...) sha.update(piece);
//   sha.finish();                                    // as sha256() of all pieces together
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waybill {

using Sha256Digest = std::array<std::uint8_t, 32>;

// One message, in pieces. One thread at a time.
class Sha256 {
 public:
  void update(std::string_view piece) noexcept;
  // Once, at the end.
  Sha256Digest finish() noexcept;

 private:
  static constexpr std::size_t kBlockSize = 64;

  // FIPS 180-4 section 5.3.3.
  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, kBlockSize> pending_;  // the beginning of a block
  std::uint64_t size_ = 0;                        // of all pieces, in bytes
};

inline Sha256Digest sha256(std::string_view message) noexcept {
  Sha256 sha;
  sha.update(message);
  return sha.finish();
}

// 64 lowercase digits.
std::string to_hex(const Sha256Digest& digest);

}  // namespace waybill
