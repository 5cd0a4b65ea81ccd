// Sender: takes requests from the background thread, which never waits, and gets them to the
// collector on a thread of its own: in their order, again and again where that may help, by way of
// the spool where there is one.
//
//   auto sender = Sender::make(options, make_transport(options), Encoding::kProtobuf);
//   sender->hand_over(request, records);     // gets empty memory for the next one in exchange
//   ...
//   sender->close();                         // what was handed over is still delivered
//
// It is a Delivery: flush() and the end of the process wait for it. The thread begins with the
// first request, and is the last owner of a sender that has been closed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include <waybill/otlp/internal/delivery_report.h>
#include <waybill/otlp/internal/outbox.h>
#include <waybill/otlp/internal/retry.h>
#include <waybill/otlp/internal/sender_clock.h>
#include <waybill/otlp/internal/signal_counters.h>
#include <waybill/otlp/internal/signal_options.h>
#include <waybill/otlp/internal/spool.h>
#include <waybill/otlp/internal/transport.h>
#include <waybill/pipeline/delivery.h>

namespace waybill::internal {

// Where requests are made. Called by whatever thread flushes.
class BatchSource {
 public:
  virtual void hand_over_pending() noexcept = 0;
  // In the child of a fork.
  virtual void forget_pending() noexcept = 0;

 protected:
  ~BatchSource() = default;
};

class Sender final : public detail::Delivery, public std::enable_shared_from_this<Sender> {
  struct Private {};

 public:
  using Time = SenderClock::Time;

  // Throws Error when the spool's folder cannot be used. `source` may be null.
  static std::shared_ptr<Sender> make(const SignalOptions& options,
                                      std::unique_ptr<Transport> transport, Encoding encoding,
                                      BatchSource* source = nullptr,
                                      SenderClock& clock = SenderClock::system());

  Sender(Private, const SignalOptions& options, std::unique_ptr<Transport> transport,
         Encoding encoding, BatchSource* source, SenderClock& clock);
  ~Sender() override;

  // Takes the request, and leaves an empty one. False: it is lost, and counted. Thread-safe.
  bool hand_over(WireBuffer& request, std::uint32_t records) noexcept;

  // Somebody waits: a collector that has failed lately is asked once more now, unless it wants to
  // be left alone. Thread-safe.
  void hurry() noexcept;

  // Nothing more is handed over, and `source` is gone.
  void close() noexcept;

  void request_delivery() noexcept override;
  bool wait_until_delivered(std::chrono::steady_clock::time_point deadline) noexcept override;
  void end(std::chrono::steady_clock::time_point deadline) noexcept override;
  void after_fork_in_child() noexcept override;

  // What a person knows the place by.
  std::string place() const { return "OTLP collector '" + transport_->place() + "'"; }

 private:
  // What the thread alone uses, and once it is parked whoever ends the process.
  struct Work {
    explicit Work(const Sender& sender);
    Backoff backoff;
    Time next_try = {};
    bool is_down = false;       // the last attempt failed, in a way that may pass
    bool is_throttled = false;  // the collector has said until when
    std::optional<Batch> in_flight;
    WireBuffer spooled_request;
    DeliveryReport report;
    std::unique_ptr<Spool> spool;
    bool has_backlog = false;    // there may be files to be sent
    Time next_look = {};         // for files of other processes
    Time next_spool_write = {};  // after a failure
    std::optional<Time> closing_until;
  };

  // sender.cc
  void hand_over_pending() noexcept;
  void lose(SignalCounters::Count& reason, std::uint64_t records) noexcept;
  void drop_or_spool_rest() noexcept;
  std::uint64_t lost() const noexcept;

  // sender_thread.cc
  void ensure_running() noexcept;
  void run() noexcept;
  void step() noexcept;
  bool may_leave(Time now) noexcept;
  bool attempt(Time now) noexcept;
  bool attempt_spooled(Time now) noexcept;
  bool attempt_queued() noexcept;
  bool settle(const Answer& answer, std::uint32_t records, std::size_t bytes) noexcept;
  void count_delivered(const Answer& answer, std::uint32_t records, std::size_t bytes,
                       Time now) noexcept;
  void try_later(const Answer& answer, Time now) noexcept;
  bool should_spill(Time now) noexcept;
  void spill(Time now) noexcept;

  const SignalOptions options_;
  const Encoding encoding_;
  SenderClock& clock_;
  SignalCounters& counters_;
  std::unique_ptr<Transport> transport_;
  std::atomic<BatchSource*> source_;
  // These are made anew in the child of a fork: another thread may have been using them.
  std::unique_ptr<std::mutex> source_mutex_ = std::make_unique<std::mutex>();
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Work> work_;
  // Of those who use the spool when the thread does not any more.
  std::unique_ptr<std::mutex> after_end_ = std::make_unique<std::mutex>();
  std::atomic<std::uint64_t> lost_ = 0;
};

}  // namespace waybill::internal
