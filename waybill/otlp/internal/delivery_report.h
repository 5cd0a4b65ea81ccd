// DeliveryReport: tells a person, on standard error, that a collector takes nothing, and when it
// does again. One line each, however many requests fail between the two.
//
//   waybill: OTLP collector 'http://localhost:4318/v1/traces' takes no spans: Connection refused
//   waybill: OTLP collector 'http://localhost:4318/v1/traces' takes spans again; lost in the
//   meantime: 0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace waybill::internal {

// Writes "waybill: `text`" as one line, with what is not printable replaced; not when standard
// error would make the thread wait.
void report_line(std::string_view text) noexcept;

class DeliveryReport {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Print = void (*)(std::string_view text) noexcept;

  // What fails and recovers in turns is reported once in this time.
  static constexpr std::chrono::seconds kLeastInterval{60};

  DeliveryReport(std::string place, std::string_view records, Print print = report_line)
      : place_(std::move(place)), records_(records), print_(print) {}

  // Each failure; the first one of an outage is reported. `lost` counts all records that were ever
  // lost on the way to this collector.
  void failed(std::string_view reason, std::uint64_t lost, Time now) noexcept;
  // Each success; the first one after an outage is reported, if the outage was.
  void delivered(std::uint64_t lost) noexcept;
  // A response that says more than that a request was taken: "partial success".
  void partly_taken(std::uint64_t rejected, std::string_view message, Time now) noexcept;

 private:
  struct Interval {
    bool is_over(Time now) noexcept;
    bool has_begun = false;
    Time last = {};
  };

  std::string place_;
  std::string_view records_;
  Print print_;
  bool in_outage_ = false;
  bool reported_ = false;
  std::uint64_t lost_before_ = 0;
  Interval outages_;
  Interval partial_successes_;
};

}  // namespace waybill::internal
