#include <algorithm>

#include <poll.h>
#include <unistd.h>

#include <waybill/log/internal/guarded_write.h>
#include <waybill/otlp/internal/delivery_report.h>

namespace waybill::internal {

void report_line(std::string_view text) noexcept {
  pollfd wanted = {.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (::poll(&wanted, 1, 0) != 1) return;
  try {
    std::string line = "waybill: " + std::string(text);
    std::replace_if(
        line.begin(), line.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    guarded_write(STDERR_FILENO, line + '\n');
  } catch (...) {  // no memory to say it
  }
}

bool DeliveryReport::Interval::is_over(Time now) noexcept {
  if (has_begun && now - last < kLeastInterval) return false;
  has_begun = true;
  last = now;
  return true;
}

void DeliveryReport::failed(std::string_view reason, std::uint64_t lost, Time now) noexcept {
  if (in_outage_) return;
  in_outage_ = true;
  lost_before_ = lost;
  reported_ = outages_.is_over(now);
  if (!reported_) return;
  try {
    print_("OTLP collector '" + place_ + "' takes no " + std::string(records_) + ": " +
           std::string(reason));
  } catch (...) {  // no memory to say it
  }
}

void DeliveryReport::delivered(std::uint64_t lost) noexcept {
  if (!in_outage_) return;
  in_outage_ = false;
  if (!reported_) return;
  try {
    print_("OTLP collector '" + place_ + "' takes " + std::string(records_) +
           " again; lost in the meantime: " + std::to_string(lost - lost_before_));
  } catch (...) {
  }
}

void DeliveryReport::partly_taken(std::uint64_t rejected, std::string_view message,
                                  Time now) noexcept {
  if (!partial_successes_.is_over(now)) return;
  try {
    std::string text = "OTLP collector '" + place_ + "' ";
    text += rejected == 0 ? "warns"
                          : "rejected " + std::to_string(rejected) + ' ' + std::string(records_);
    print_(text + (message.empty() ? "" : ": ") + std::string(message));
  } catch (...) {
  }
}

}  // namespace waybill::internal
