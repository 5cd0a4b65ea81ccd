#include <algorithm>

#include <poll.h>
#include <unistd.h>

#include <waybill/log/internal/guarded_write.h>
#include <waybill/log/internal/outage_report.h>

namespace waybill::internal {
namespace {

// Prints what make_text() returns, unless standard error is itself the place, or takes nothing: a
// terminal or pipe that is full would hold up all outputs.
template <class MakeText>
void print(const std::string& place, MakeText make_text) noexcept {
  if (place == kStandardError) return;
  pollfd wanted = {.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (::poll(&wanted, 1, 0) != 1) return;
  try {
    std::string line = "waybill: " + place + ' ' + make_text();
    std::replace_if(
        line.begin(), line.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    guarded_write(STDERR_FILENO, line + '\n');
  } catch (...) {  // no memory to say it
  }
}

}  // namespace

void OutageReport::failed(std::error_code error, Time now) noexcept {
  if (in_outage_) return;
  in_outage_ = true;
  reported_ = may_report(now);
  if (reported_) print(place_, [&] { return "takes no log records: " + error.message(); });
}

void OutageReport::recovered() noexcept {
  if (!in_outage_) return;
  in_outage_ = false;
  if (!reported_) return;
  print(place_, [this] {
    return "takes log records again; lost in the meantime: " + std::to_string(lost_);
  });
  lost_ = 0;
}

void OutageReport::troubled(std::error_code error, Time now) noexcept {
  if (!may_report(now)) return;
  print(place_, [&] { return "takes log records, but not without trouble: " + error.message(); });
}

bool OutageReport::may_report(Time now) noexcept {
  if (has_reported_ && now - last_report_ < kLeastInterval) return false;
  has_reported_ = true;
  last_report_ = now;
  return true;
}

}  // namespace waybill::internal
