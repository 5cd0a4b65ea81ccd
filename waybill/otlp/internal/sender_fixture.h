// What tests of senders have in common.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include <waybill/log/internal/temporary_folder.h>
#include <waybill/otlp/internal/manual_clock.h>
#include <waybill/otlp/internal/scripted_transport.h>
#include <waybill/otlp/internal/sender.h>
#include <waybill/otlp/otlp_metrics.h>

namespace waybill::internal {

inline WireBuffer wire(std::string_view text) {
  WireBuffer buffer;
  char* const room = buffer.room(text.size());
  std::memcpy(room, text.data(), text.size());
  buffer.set_end(room + text.size());
  return buffer;
}

class SenderTest : public testing::Test {
 protected:
  SenderTest() {
    options_.queue_bytes = 1 << 20;
    options_.retry = {.first = std::chrono::seconds(1), .longest = std::chrono::seconds(8)};
  }
  ~SenderTest() override {
    script_->always({.outcome = Outcome::kDelivered});
    script_->hold(false);
    if (sender_ != nullptr) sender_->close();
    const std::weak_ptr<Sender> thread = std::exchange(sender_, nullptr);
    while (!thread.expired()) {
      clock_.advance(std::chrono::seconds(1));
      std::this_thread::yield();
    }
    clock_.now();  // after any thread's last look at it
  }

  Sender& sender() {
    if (sender_ == nullptr) sender_ = make();
    return *sender_;
  }
  std::shared_ptr<Sender> make() {
    return Sender::make(options_, std::make_unique<ScriptedTransport>(script_), Encoding::kProtobuf,
                        nullptr, clock_);
  }
  void with_spool(std::uint64_t limit = 1 << 20) {
    options_.spool = {.folder = folder_.path().string(), .bytes_limit = limit};
  }
  bool send(std::string_view text, std::uint32_t records = 1) {
    WireBuffer request = wire(text);
    return sender().hand_over(request, records);
  }
  bool flush(std::chrono::nanoseconds longest = std::chrono::seconds(30)) {
    sender().request_delivery();
    return sender().wait_until_delivered(std::chrono::steady_clock::now() + longest);
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const std::string& name : folder_.names()) count += name.ends_with(".otlp") ? 1 : 0;
    return count;
  }
  // A file is removed when its batch has been counted.
  void wait_for_files(std::size_t count) const {
    while (files() != count) std::this_thread::yield();
  }
  OtlpSignalMetrics since_start() const {
    const OtlpSignalMetrics now = otlp_metrics().traces;
    OtlpSignalMetrics result;
    result.exported = now.exported - before_.exported;
    result.requests = now.requests - before_.requests;
    result.bytes = now.bytes - before_.bytes;
    result.rejected = now.rejected - before_.rejected;
    result.failures = now.failures - before_.failures;
    result.retries = now.retries - before_.retries;
    result.dropped = {.queue_full = now.dropped.queue_full - before_.dropped.queue_full,
                      .spool_full = now.dropped.spool_full - before_.dropped.spool_full,
                      .refused = now.dropped.refused - before_.dropped.refused,
                      .gave_up = now.dropped.gave_up - before_.dropped.gave_up,
                      .ended = now.dropped.ended - before_.dropped.ended,
                      .not_encoded = now.dropped.not_encoded - before_.dropped.not_encoded};
    result.spooled = now.spooled - before_.spooled;
    result.queue_bytes = now.queue_bytes;
    return result;
  }

  static inline const Answer kDown = {.outcome = Outcome::kRetry, .reason = "down"};

  SignalOptions options_;
  TemporaryFolder folder_;
  ManualClock clock_;
  std::shared_ptr<Script> script_ = std::make_shared<Script>();
  const OtlpSignalMetrics before_ = otlp_metrics().traces;

 private:
  std::shared_ptr<Sender> sender_;
};

}  // namespace waybill::internal
