// LineOutput: what stands between a format and a LogSink. It collects lines into batches, and keeps
// them while the sink cannot take them.
//
//   format.format(record, output.buffer());   // appends one line
//   output.line_added();                      // hands over by itself what has become a batch
//   ...
//   output.write_out(now);                    // there is no more for now
//
// A sink that fails is tried again after 100 ms, then after twice as long each time, up to 5 s.
// What it has not taken is kept up to a bound; beyond that the newest lines are lost. The rest of a
// line that it has taken in part always comes before any other. Used by one thread at a time; after
// the constructor nothing throws, and nothing is allocated but for outages and long lines.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <waybill/log/internal/outage_report.h>
#include <waybill/log/sink.h>

namespace waybill::internal {

struct LineOutputLimits {
  std::size_t batch_bytes = std::size_t{64} * 1024;
  std::size_t kept_bytes = std::size_t{1024} * 1024;
};

class LineOutput {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds kFirstRetry{100};
  static constexpr std::chrono::milliseconds kLastRetry{5'000};

  struct Counters {
    std::uint64_t written = 0;  // records that the sink has taken
    std::uint64_t lost = 0;     // records that it never will
    std::uint64_t bytes = 0;
    std::uint64_t failures = 0;  // calls of the sink that ended in an error
  };

  explicit LineOutput(std::shared_ptr<LogSink> sink, LineOutputLimits limits = {});
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;
  // Offers what is kept a last time.
  ~LineOutput();

  // Where the next line is to be appended. What stands in it already is not the caller's.
  std::string& buffer() noexcept { return buffer_; }

  // The caller has appended a line, and its newline.
  void line_added() noexcept {
    ++pending_records_;
    if (buffer_.size() >= attention_at_) check_size();
  }

  // Hands over what has been collected, unless the sink has failed and it is not yet time to try it
  // again; gives the sink its tick().
  void write_out(Time now) noexcept;

  // The next write_out() tries the sink whatever the time.
  void spare_no_longer() noexcept { next_try_ = now_; }

  // Lines that were collected and not handed over belong to the parent of this process.
  void forget_pending() noexcept;

  const Counters& counters() const noexcept { return counters_; }

 private:
  enum class State : std::uint8_t { kTaking, kBusy, kFailed };

  std::size_t pending() const noexcept { return buffer_.size() - start_; }
  void check_size() noexcept;
  void hand_over() noexcept;
  void all_taken(std::error_code error) noexcept;
  void part_taken(std::size_t bytes, std::error_code error) noexcept;
  void count_failure() noexcept;
  void refuse_newest_line() noexcept;

  std::string buffer_;
  std::uint64_t pending_records_ = 0;
  std::size_t attention_at_;     // the size from which line_added() has more to do than return
  std::size_t start_ = 0;        // of what the sink has not taken
  std::size_t lines_end_ = 0;    // of the lines that are kept; only while not kTaking
  std::size_t offered_end_ = 0;  // of what a busy sink was last offered
  State state_ = State::kTaking;
  Time now_ = std::chrono::steady_clock::now();  // as of the last write_out()
  Time next_try_ = now_;
  std::chrono::milliseconds retry_after_ = kFirstRetry;
  Counters counters_;
  LineOutputLimits limits_;
  std::shared_ptr<LogSink> sink_;
  OutageReport report_;
};

}  // namespace waybill::internal
