// SpanExport: a span exporter that makes requests with an encoder and hands them to a sender.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <waybill/otlp/internal/sender.h>
#include <waybill/otlp/internal/signal_counters.h>
#include <waybill/otlp/internal/signal_options.h>
#include <waybill/otlp/wire_buffer.h>
#include <waybill/trace/span_exporter.h>

namespace waybill::internal {

// Encoder is SpanEncoder or one like it.
template <class Encoder>
class SpanExport final : public SpanExporter {
 public:
  SpanExport(const SignalOptions& options, Encoding encoding)
      : options_(options), sender_(Sender::make(options, make_transport(options), encoding)) {}
  SpanExport(const SpanExport&) = delete;
  SpanExport& operator=(const SpanExport&) = delete;
  ~SpanExport() override {
    hand_over();
    sender_->close();
  }

  void consume(const EndedSpan& span) noexcept override {
    if (!encoder_.add(span)) {
      count_lost(counters_of(options_.signal).not_encoded, 1);
      return;
    }
    if (encoder_.count() >= options_.batch_records || encoder_.size() >= options_.batch_bytes) {
      encoder_.end_of_batch();
      hand_over();
    }
  }

  void end_of_batch(bool flushing) noexcept override {
    if (encoder_.count() != 0) {
      encoder_.end_of_batch();
      const auto now = std::chrono::steady_clock::now();
      if (!is_aging_) first_ = now;
      is_aging_ = true;
      if (flushing || now - first_ >= options_.delay) hand_over();
    }
    if (flushing) sender_->hurry();
  }

  void after_fork_in_child() noexcept override {
    encoder_.clear();
    is_aging_ = false;
  }

  std::string name() const override { return sender_->place(); }

 private:
  void hand_over() noexcept {
    const auto records = static_cast<std::uint32_t>(encoder_.count());
    if (records == 0) return;
    is_aging_ = false;
    encoder_.take(request_);
    sender_->hand_over(request_, records);
  }

  const SignalOptions options_;
  Encoder encoder_;
  WireBuffer request_;  // empty, with memory for the next one
  bool is_aging_ = false;
  std::chrono::steady_clock::time_point first_ = {};  // since there is something in the encoder
  std::shared_ptr<Sender> sender_;
};

}  // namespace waybill::internal
