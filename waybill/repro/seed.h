// Numbers that follow from a seed, and are the same on every platform.
//
//   std::mt19937_64 shuffle = waybill::rng(seed, "shuffle");
//   std::mt19937_64 noise   = waybill::rng(seed, "noise");     // independent of how often the
//                                                              // first was asked
//
// A name for each use, and for each worker ("noise/3"): then what one draws does not depend on what
// another does, nor on the order of threads.
//
// The engine's numbers are fixed by the C++ standard ([rand.eng.mers]). Those of its distributions
// are NOT: std::normal_distribution and its like, and std::shuffle, differ between standard
// libraries. Where that matters, make what is needed of the engine's numbers directly:
// (engine() >> 11) * 0x1p-53 is even in [0, 1) to the last bit everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>

namespace waybill {

// The first 8 bytes, as a little-endian number, of the SHA-256 of: the seed as 8 bytes,
// little-endian, and then the name. In Python:
//
//   int.from_bytes(hashlib.sha256(seed.to_bytes(8, "little") + name).digest()[:8], "little")
std::uint64_t derive_seed(std::uint64_t seed, std::string_view name) noexcept;

// The engine that starts from derive_seed(seed, name).
inline std::mt19937_64 rng(std::uint64_t seed, std::string_view name) {
  return std::mt19937_64(derive_seed(seed, name));
}

// From the operating system; below 2^53, so that whatever reads JSON reads it exactly.
std::uint64_t random_seed() noexcept;

}  // namespace waybill
