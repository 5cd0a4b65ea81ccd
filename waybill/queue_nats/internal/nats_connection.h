// NatsConnection: one connection to NATS, which finds its way back by itself when it breaks.
//
// All answers come over one subscription, made once. Thread-safe. What is asked over it:
// nats_call.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nats/nats.h>

#include <waybill/queue_nats/internal/nats_mailbox.h>
#include <waybill/queue_nats/internal/nats_settings.h>

namespace waybill::queue::internal {

class NatsConnection {
 public:
  using Clock = std::chrono::steady_clock;

  // Connects. Throws NatsLost.
  explicit NatsConnection(const NatsSettings& settings);
  NatsConnection(const NatsConnection&) = delete;
  NatsConnection& operator=(const NatsConnection&) = delete;
  ~NatsConnection();

  std::size_t most_bytes() const noexcept;
  // How often it has broken.
  std::uint64_t breaks() const;
  // False: it was down all the time.
  bool wait_until_up(Clock::time_point deadline);

  // Nobody knows whether it arrives. Dropped while the connection is down.
  void publish(const std::string& subject, std::string_view body) noexcept;
  // As soon as can be, rather than within a millisecond; waits until the server has read it.
  void flush() noexcept;

  // Rings in this process when somebody publishes to this subject; of all processes that listen,
  // in one of them. Until the result is dropped.
  std::unique_ptr<natsSubscription, NatsFree> listen(const std::string& subject);
  std::uint64_t rings() const;
  // From here on counts what anybody publishes to this subject. Once.
  void heed(const std::string& subject);
  std::uint64_t notices() const;
  // Returns when it has rung since, or a delivery has strayed here.
  void wait_for_ring(std::uint64_t since, Clock::time_point deadline);
  // Between them, what strays here is kept; otherwise it goes back at once.
  void begin_taking();
  void end_taking() noexcept;
  std::vector<NatsMessage> take_strays();

 private:
  friend class NatsCall;

  bool is_up() const noexcept;
  std::unique_ptr<natsSubscription, NatsFree> subscribe(const std::string& subject,
                                                        const char* group, natsMsgHandler handler);

  std::shared_ptr<NatsMailbox> mailbox_ = std::make_shared<NatsMailbox>();
  std::chrono::milliseconds timeout_;
  std::string inbox_;
  std::unique_ptr<natsConnection, NatsFree> connection_;
  std::unique_ptr<natsSubscription, NatsFree> subscription_;
  std::unique_ptr<natsSubscription, NatsFree> heeded_;
};

}  // namespace waybill::queue::internal
