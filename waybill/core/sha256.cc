#include <algorithm>
#include <bit>
#include <cstring>

#include <waybill/core/hex.h>
#include <waybill/core/sha256.h>

namespace waybill {
namespace {

// FIPS 180-4 section 4.2.2.
constexpr std::array<std::uint32_t, 64> kRoundConstants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<std::uint32_t, 8>;

// Section 6.2.2.
void add_block(State& state, const std::uint8_t* block) noexcept {
  std::array<std::uint32_t, 64> w;
  for (std::size_t t = 0; t < 16; ++t) {
    w[t] = std::uint32_t{block[4 * t]} << 24 | std::uint32_t{block[4 * t + 1]} << 16 |
           std::uint32_t{block[4 * t + 2]} << 8 | std::uint32_t{block[4 * t + 3]};
  }
  for (std::size_t t = 16; t < 64; ++t) {
    const std::uint32_t s0 = std::rotr(w[t - 15], 7) ^ std::rotr(w[t - 15], 18) ^ (w[t - 15] >> 3);
    const std::uint32_t s1 = std::rotr(w[t - 2], 17) ^ std::rotr(w[t - 2], 19) ^ (w[t - 2] >> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t t = 0; t < 64; ++t) {
    const std::uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t choice = (e & f) ^ (~e & g);
    const std::uint32_t t1 = h + sum1 + choice + kRoundConstants[t] + w[t];
    const std::uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const std::uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + sum0 + majority;
  }
  const State step = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += step[i];
}

}  // namespace

void Sha256::update(std::string_view piece) noexcept {
  const std::size_t begun = size_ % kBlockSize;
  size_ += piece.size();
  if (begun != 0) {
    const std::size_t taken = std::min(piece.size(), kBlockSize - begun);
    std::copy_n(piece.data(), taken, pending_.data() + begun);
    piece.remove_prefix(taken);
    if (begun + taken < kBlockSize) return;
    add_block(state_, pending_.data());
  }
  for (; piece.size() >= kBlockSize; piece.remove_prefix(kBlockSize)) {
    add_block(state_, reinterpret_cast<const std::uint8_t*>(piece.data()));
  }
  std::copy_n(piece.data(), piece.size(), pending_.data());
}

Sha256Digest Sha256::finish() noexcept {
  // Section 5.1.1: a one bit, zeros, the length in bits as 64 bits; one block more, or two.
  const std::uint64_t bits = size_ * 8;
  const std::size_t rest = size_ % kBlockSize;
  std::array<char, 2 * kBlockSize> padding = {};
  padding[0] = static_cast<char>(0x80);
  const std::size_t size = (rest + 9 <= kBlockSize ? kBlockSize : 2 * kBlockSize) - rest;
  for (std::size_t i = 0; i < 8; ++i) {
    padding[size - 1 - i] = static_cast<char>(static_cast<std::uint8_t>(bits >> (8 * i)));
  }
  update({padding.data(), size});

  Sha256Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

std::string to_hex(const Sha256Digest& digest) {
  std::string text(2 * digest.size(), '\0');
  char* out = text.data();
  for (const std::uint8_t byte : digest) out = hex::encode_byte(byte, out);
  return text;
}

}  // namespace waybill
