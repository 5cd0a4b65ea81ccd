// OutageReport: tells a person, on standard error, that a place takes no more records, and when it
// takes them again. One line each, however many records fail between the two.
//
//   waybill: file '/var/log/app.log' takes no log records: No space left on device
//   waybill: file '/var/log/app.log' takes log records again; lost in the meantime: 1042
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

namespace waybill::internal {

// The name of the place that cannot be told of its own failure.
inline constexpr const char* kStandardError = "standard error";

class OutageReport {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // A place that fails and recovers in turns is reported once in this time.
  static constexpr std::chrono::seconds kLeastInterval{60};

  explicit OutageReport(std::string place) : place_(std::move(place)) {}

  // Each failure; the first one of an outage is reported.
  void failed(std::error_code error, Time now) noexcept;

  // Each record that is lost in an outage.
  void lost(std::uint64_t records = 1) noexcept { lost_ += records; }

  // The end of the outage. Reported if its beginning was.
  void recovered() noexcept;

  // What went wrong while all records were taken.
  void troubled(std::error_code error, Time now) noexcept;

 private:
  bool may_report(Time now) noexcept;

  std::string place_;
  std::uint64_t lost_ = 0;  // and not reported
  bool in_outage_ = false;
  bool reported_ = false;
  bool has_reported_ = false;
  Time last_report_ = {};
};

}  // namespace waybill::internal
