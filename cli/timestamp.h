// Times of records, and how they are written for people.
//
// A time is a count of nanoseconds since 1970-01-01 00:00 UTC, from the year 1678 to 2261. Every
// function is pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::cli {

using Nanoseconds = std::int64_t;

// RFC 3339 section 5.6: "2026-11-20T23:58:01.123456Z", with 0 to 9 digits of a fraction (more are
// read and dropped) and `Z` or an offset. Also accepted: a space for the T, a time without a zone
// (which is UTC), and a date alone. Empty for anything else.
std::optional<Nanoseconds> parse_time(std::string_view text) noexcept;

// A number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by its
// size. Empty when it is none of them. (A double would not hold nanoseconds.)
std::optional<Nanoseconds> time_from_number(long double number) noexcept;

// "90s", "15m", "2h", "1d", "1w", "250ms". Empty for anything else.
std::optional<Nanoseconds> parse_duration(std::string_view text) noexcept;

// A point in time as people give it to an option: what parse_time() reads, or what
// parse_duration() reads, as so long before `now`.
std::optional<Nanoseconds> parse_moment(std::string_view text, Nanoseconds now) noexcept;

// "2026-11-20 23:58:01.123", in UTC, cut to milliseconds.
std::string format_time(Nanoseconds time);

// "830 µs", "12 ms", "1.84 s", "3 min 12 s", "2 h 05 min", "3 d 04 h": about three digits. With
// `ascii`, "us".
std::string format_duration(Nanoseconds duration, bool ascii = false);

// Writes the offsets of one trace, all in the unit that suits its length, so that they line up:
// "+15.2 ms", "+1.840 s", "+1:02:03.123".
class OffsetFormat {
 public:
  explicit OffsetFormat(Nanoseconds total, bool ascii = false) noexcept
      : total_(total), ascii_(ascii) {}

  std::string operator()(Nanoseconds offset) const;

 private:
  Nanoseconds total_;
  bool ascii_;
};

}  // namespace waybill::cli
