// LogExport: a sink of log records that makes requests with an encoder and hands them to a sender.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <waybill/log/sink.h>
#include <waybill/otlp/internal/sender.h>
#include <waybill/otlp/internal/signal_counters.h>
#include <waybill/otlp/internal/signal_options.h>
#include <waybill/otlp/otlp_json.h>
#include <waybill/otlp/wire_buffer.h>

namespace waybill::internal {

// Encoder is LogEncoder, or in tests one like it.
template <class Encoder>
class LogExport final : public LogRecordSink, private BatchSource {
 public:
  LogExport(const SignalOptions& options, Encoding encoding)
      : options_(options),
        encoding_(encoding),
        pending_(std::make_unique<Pending>()),
        sender_(Sender::make(options, make_transport(options), encoding, this)) {}
  LogExport(const LogExport&) = delete;
  LogExport& operator=(const LogExport&) = delete;
  ~LogExport() override {
    hand_over_pending();
    sender_->close();
  }

  bool write(const LogRecord& record) override {
    if (pending_ == nullptr) return lose();
    Pending& pending = *pending_;
    {
      const InUse in_use(pending.in_use);
      if (pending.encoder.size() >= most_waiting_) {  // whoever flushes is slow to hand over
        add_to(counters_of(OtlpSignal::kLogs).queue_full, 1);
        return false;
      }
      if (!pending.encoder.add(record)) return lose();
      pending.has_been_used = true;
      if (pending.encoder.count() < options_.batch_records &&
          pending.encoder.size() < options_.batch_bytes) {
        return true;
      }
    }
    hand_over(std::unique_lock(pending.handing_over, std::try_to_lock));
    return true;
  }

  bool flush() noexcept override {
    if (pending_ == nullptr) return true;
    Pending& pending = *pending_;
    {
      const InUse in_use(pending.in_use);
      if (pending.encoder.count() == 0) return true;
      if (pending.has_been_used) pending.encoder.end_of_batch();
      pending.has_been_used = false;
      const auto now = std::chrono::steady_clock::now();
      if (!pending.is_aging) pending.first = now;
      pending.is_aging = true;
      if (now - pending.first < options_.delay) return true;
    }
    hand_over(std::unique_lock(pending.handing_over, std::try_to_lock));
    return true;
  }

  std::string name() const override { return sender_->place(); }

 private:
  // What the child of a fork leaves to the parent: another thread may have been using it.
  struct Pending {
    std::mutex handing_over;
    // Of whoever hands over. Between two of them empty, with memory for the next one.
    WireBuffer request;
    std::string json;

    std::atomic<bool> in_use = false;
    // Of whoever has set that.
    Encoder encoder;
    bool has_been_used = false;  // since the end of the last batch
    bool is_aging = false;
    std::chrono::steady_clock::time_point first = {};  // since there is something in the encoder
  };

  // A sink is not told that somebody flushes: whoever does so takes what the encoder holds. Held
  // for as long as one record is encoded, or a request exchanged for empty memory.
  class InUse {
   public:
    explicit InUse(std::atomic<bool>& flag) noexcept : flag_(flag) {
      while (flag_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
    }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;
    ~InUse() { flag_.store(false, std::memory_order_release); }

   private:
    std::atomic<bool>& flag_;
  };

  bool lose() noexcept {
    add_to(counters_of(OtlpSignal::kLogs).not_encoded, 1);
    return false;
  }

  void hand_over_pending() noexcept override {
    if (pending_ != nullptr) hand_over(std::unique_lock(pending_->handing_over));
  }
  void forget_pending() noexcept override {
    static_cast<void>(pending_.release());
    try {
      pending_ = std::make_unique<Pending>();
    } catch (...) {  // no memory: what is written from here on is lost, and counted
    }
  }

  // One at a time, so that requests stay in order. The thread that writes does not wait for its
  // turn: whoever flushes is at it, and what has been written since then comes next time.
  void hand_over(std::unique_lock<std::mutex> turn) noexcept {
    if (!turn) return;
    Pending& pending = *pending_;
    std::uint32_t records = 0;
    {
      const InUse in_use(pending.in_use);
      records = static_cast<std::uint32_t>(pending.encoder.count());
      if (records == 0) return;
      pending.is_aging = false;
      pending.encoder.take(pending.request);
    }
    if (encoding_ == Encoding::kJson) make_json(pending.request, OtlpSignal::kLogs, pending.json);
    sender_->hand_over(pending.request, records);
  }

  const SignalOptions options_;
  const std::size_t most_waiting_ = std::max(options_.queue_bytes, 2 * options_.batch_bytes);
  const Encoding encoding_;
  std::unique_ptr<Pending> pending_;  // null in the child of a fork that had no memory for it
  std::shared_ptr<Sender> sender_;
};

}  // namespace waybill::internal
