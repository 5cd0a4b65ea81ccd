// Points in time as RFC 3339 text.
#pragma once

#include <chrono>
#include <cstddef>

namespace waybill::internal {

inline constexpr std::size_t kTimestampSize = 27;

// Writes "2026-11-20T23:58:01.123456Z": UTC, microseconds, always kTimestampSize characters for the
// years 0 to 9999; returns the end. The calendar part is worked out once a second and thread.
char* write_timestamp(char* out, std::chrono::system_clock::time_point time) noexcept;

}  // namespace waybill::internal
