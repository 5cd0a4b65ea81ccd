// Points in time as RFC 3339 text.
#pragma once

#include <chrono>
#include <string>

namespace waybill::internal {

// Appends "2026-11-20T23:58:01.123456Z": UTC, microseconds, always 27 characters for the years 0 to
// 9999. The calendar part is worked out once a second and thread.
void append_timestamp(std::string& out, std::chrono::system_clock::time_point time);

}  // namespace waybill::internal
