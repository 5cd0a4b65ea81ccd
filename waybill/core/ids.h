// TraceId, SpanId and TraceFlags: the three values of W3C Trace Context, Level 2.
//
//   TraceId id = TraceId::random();
//   id.to_hex();                                   // "4bf92f3577b34da6a3ce929d0e0e4736"
//   id.to_uuid();                                  // "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
//   TraceId::from_name("batch-job-2025-10-21");    // the same in every process and language
//
// All are plain values: cheap to copy, comparable, hashable, and all-zero (invalid) by default.
// Every function is thread-safe; none throws except for want of memory where a string is returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/hex.h>

namespace waybill {

// How a trace id is written where a person or another system reads it: 32 hex digits, or the
// 8-4-4-4-12 of a UUID.
enum class TraceIdSpelling { kHex, kUuid };

// 16 bytes that name a whole trace (W3C Trace Context section 3.2.2.3). All zero is invalid.
class TraceId {
 public:
  static constexpr std::size_t kSize = 16;
  static constexpr std::size_t kHexSize = 32;
  static constexpr std::size_t kUuidSize = 36;

  constexpr TraceId() noexcept = default;
  explicit TraceId(const std::uint8_t (&bytes)[kSize]) noexcept {
    std::memcpy(bytes_, bytes, kSize);
  }

  // A new id; every bit is random. Never zero. Safe after fork: parent and child go different ways.
  static TraceId random() noexcept;

  // From 32 hex digits of either case. Empty when the text is anything else or all zero.
  static std::optional<TraceId> from_hex(std::string_view text) noexcept;

  // From a UUID's 8-4-4-4-12 digits (RFC 9562 section 4), either case. Empty otherwise, or all
  // zero.
  static std::optional<TraceId> from_uuid(std::string_view text) noexcept;

  // From any text. 32 hex digits or a UUID are the id itself; anything else is a trace name, whose
  // id is the first 16 bytes of its SHA-256 (FIPS 180-4). Never zero.
  static TraceId from_name(std::string_view name) noexcept;

  constexpr const std::uint8_t* bytes() const noexcept { return bytes_; }
  bool is_valid() const noexcept { return (word(0) | word(1)) != 0; }

  // Writes kHexSize lowercase digits, no terminator; returns the end.
  char* write_hex(char* out) const noexcept { return hex::encode16(bytes_, out); }
  // Writes kUuidSize characters likewise.
  char* write_uuid(char* out) const noexcept;
  std::string to_hex() const;
  std::string to_uuid() const;

  friend bool operator==(const TraceId& a, const TraceId& b) noexcept {
    return ((a.word(0) ^ b.word(0)) | (a.word(1) ^ b.word(1))) == 0;
  }
  friend bool operator<(const TraceId& a, const TraceId& b) noexcept {
    return std::memcmp(a.bytes_, b.bytes_, kSize) < 0;
  }

  // For hash tables. Ids from outside are not to be trusted to be random: all bits take part.
  std::size_t hash() const noexcept { return word(0) * 0x9e3779b97f4a7c15U ^ word(1); }

 private:
  std::uint64_t word(std::size_t i) const noexcept {
    std::uint64_t value;
    std::memcpy(&value, bytes_ + 8 * i, sizeof value);
    return value;
  }

  alignas(8) std::uint8_t bytes_[kSize] = {};
};

// 8 bytes that name one span within a trace (W3C Trace Context section 3.2.2.4: parent-id). All
// zero is invalid.
class SpanId {
 public:
  static constexpr std::size_t kSize = 8;
  static constexpr std::size_t kHexSize = 16;

  constexpr SpanId() noexcept = default;
  explicit SpanId(const std::uint8_t (&bytes)[kSize]) noexcept {
    std::memcpy(bytes_, bytes, kSize);
  }

  // A new random id, never zero. Safe after fork.
  static SpanId random() noexcept;

  // From 16 hex digits of either case. Empty when the text is anything else or all zero.
  static std::optional<SpanId> from_hex(std::string_view text) noexcept;

  constexpr const std::uint8_t* bytes() const noexcept { return bytes_; }
  bool is_valid() const noexcept { return word() != 0; }

  // Writes kHexSize lowercase digits, no terminator; returns the end.
  char* write_hex(char* out) const noexcept { return hex::encode8(bytes_, out); }
  std::string to_hex() const;

  friend bool operator==(const SpanId& a, const SpanId& b) noexcept { return a.word() == b.word(); }
  friend bool operator<(const SpanId& a, const SpanId& b) noexcept {
    return std::memcmp(a.bytes_, b.bytes_, kSize) < 0;
  }
  std::size_t hash() const noexcept { return word(); }

 private:
  std::uint64_t word() const noexcept {
    std::uint64_t value;
    std::memcpy(&value, bytes_, sizeof value);
    return value;
  }

  alignas(8) std::uint8_t bytes_[kSize] = {};
};

// The flags byte (W3C Trace Context Level 2 section 3.2.2.5).
class TraceFlags {
 public:
  static constexpr std::uint8_t kSampled = 0x01;
  // At least the right-most seven bytes of the trace id are random.
  static constexpr std::uint8_t kRandom = 0x02;

  constexpr TraceFlags() noexcept = default;
  constexpr explicit TraceFlags(std::uint8_t byte) noexcept : byte_(byte) {}

  // From two hex digits of either case. Empty otherwise.
  static std::optional<TraceFlags> from_hex(std::string_view text) noexcept;

  constexpr std::uint8_t byte() const noexcept { return byte_; }
  constexpr bool sampled() const noexcept { return (byte_ & kSampled) != 0; }
  constexpr bool random() const noexcept { return (byte_ & kRandom) != 0; }
  std::string to_hex() const;

  friend constexpr bool operator==(TraceFlags, TraceFlags) noexcept = default;

 private:
  std::uint8_t byte_ = 0;
};

}  // namespace waybill

template <>
struct std::hash<waybill::TraceId> {
  std::size_t operator()(const waybill::TraceId& id) const noexcept { return id.hash(); }
};
template <>
struct std::hash<waybill::SpanId> {
  std::size_t operator()(const waybill::SpanId& id) const noexcept { return id.hash(); }
};
