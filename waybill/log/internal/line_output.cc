#include <algorithm>
#include <string_view>

#include <waybill/log/internal/line_output.h>
#include <waybill/pipeline/consumer.h>

namespace waybill::internal {
namespace {

// Room for the line that makes a batch complete.
constexpr std::size_t kLineRoom = 4096;

std::uint64_t count_lines(std::string_view lines) noexcept {
  return static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
}

}  // namespace

LineOutput::LineOutput(std::shared_ptr<LogSink> sink, LineOutputLimits limits)
    : attention_at_(limits.batch_bytes),
      limits_(limits),
      sink_(std::move(sink)),
      report_(sink_->name()) {
  buffer_.reserve(limits.batch_bytes + kLineRoom);
}

LineOutput::~LineOutput() {
  if (pending() != 0) hand_over();
  detail::count_sink({.lost = pending_records_});
}

void LineOutput::write_out(Time now) noexcept {
  now_ = now;
  const bool is_time = state_ != State::kFailed || now >= next_try_;
  if (is_time && pending() != 0) hand_over();
  sink_->tick();
}

void LineOutput::forget_pending() noexcept {
  buffer_.clear();
  pending_records_ = 0;
  start_ = lines_end_ = offered_end_ = 0;
}

void LineOutput::check_size() noexcept {
  if (state_ == State::kTaking) return hand_over();
  if (pending() > limits_.kept_bytes) return refuse_newest_line();
  lines_end_ = buffer_.size();
  if (state_ == State::kBusy && lines_end_ - offered_end_ >= limits_.batch_bytes) hand_over();
}

void LineOutput::hand_over() noexcept {
  const SinkResult result = sink_->write(std::string_view(buffer_).substr(start_));
  const std::size_t bytes = std::min(result.written, pending());
  counters_.bytes += bytes;
  detail::count_sink({.bytes = bytes});
  if (bytes == pending()) {
    all_taken(result.error);
  } else {
    part_taken(bytes, result.error);
  }
}

void LineOutput::all_taken(std::error_code error) noexcept {
  counters_.written += pending_records_;
  forget_pending();
  if (buffer_.capacity() > 2 * (limits_.batch_bytes + limits_.kept_bytes)) {
    std::string().swap(buffer_);  // after a line of that length
  }
  attention_at_ = limits_.batch_bytes;
  retry_after_ = kFirstRetry;
  state_ = State::kTaking;
  report_.recovered();
  if (!error) return;
  count_failure();
  report_.troubled(error, now_);
}

void LineOutput::part_taken(std::size_t bytes, std::error_code error) noexcept {
  const std::uint64_t records = count_lines(std::string_view(buffer_).substr(start_, bytes));
  counters_.written += records;
  pending_records_ -= std::min(records, pending_records_);
  start_ += bytes;
  if (bytes != 0) retry_after_ = kFirstRetry;
  // Moved only when that makes half of the buffer free, so that a slow place costs no more.
  if (start_ > buffer_.size() / 2) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  lines_end_ = offered_end_ = buffer_.size();
  attention_at_ = 0;
  if (!error || error == std::errc::resource_unavailable_try_again) {
    state_ = State::kBusy;
    return;
  }
  state_ = State::kFailed;
  count_failure();
  report_.failed(error, now_);
  next_try_ = now_ + retry_after_;
  retry_after_ = std::min(2 * retry_after_, kLastRetry);
}

void LineOutput::refuse_newest_line() noexcept {
  buffer_.resize(lines_end_);
  --pending_records_;
  ++counters_.lost;
  detail::count_sink({.lost = 1});
  report_.lost();
  if (state_ == State::kBusy) {
    report_.failed(std::make_error_code(std::errc::resource_unavailable_try_again), now_);
  }
}

void LineOutput::count_failure() noexcept {
  ++counters_.failures;
  detail::count_sink({.failures = 1});
}

}  // namespace waybill::internal
