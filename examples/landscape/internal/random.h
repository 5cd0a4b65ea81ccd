// Random: chance that is the same every time, everywhere.
//
// The standard's distributions may differ between libraries, so a picture made with them could not
// promise identical bytes. Each part of the picture draws from a stream of its own (`stream`), so
// that one tree more does not move every star.
#pragma once

#include <cstdint>
#include <string_view>

namespace landscape::internal {

class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  // The start of a sequence from text (FNV-1a, 64 bits).
  static constexpr Random from(std::string_view text) { return Random(hash(text)); }

  // Another sequence, which depends on the name and on how far this one has got; this one goes on
  // as if nothing had been asked.
  constexpr Random stream(std::string_view name) const { return Random(mix(state_ ^ hash(name))); }

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    return mix(state_);
  }

  // 0 <= x < 1
  constexpr double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  constexpr double between(double least, double most) { return least + (most - least) * unit(); }
  constexpr bool chance(double probability) { return unit() < probability; }
  // 0 <= x < count
  constexpr int below(int count) { return static_cast<int>(unit() * count); }
  constexpr double sign() { return chance(0.5) ? 1 : -1; }

 private:
  static constexpr std::uint64_t hash(std::string_view text) {
    std::uint64_t value = 0xcbf29ce484222325U;
    for (const char c : text) {
      value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return mix(value);
  }

  // The finalizer of SplitMix64.
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace landscape::internal
