// Transport: carries one request to a collector and says what became of it. HttpTransport, and in
// room otlp_grpc GrpcTransport.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/otlp/internal/partial_success.h>
#include <waybill/otlp/internal/signal_options.h>

namespace waybill::internal {

enum class Outcome : std::uint8_t {
  kDelivered,
  kRetry,    // the same request may be taken later
  kRefused,  // it never will
  kAborted,  // abort() was called; whether the collector has it is not known
};

struct Answer {
  Outcome outcome = Outcome::kRetry;
  std::optional<std::chrono::nanoseconds> retry_after = std::nullopt;  // the collector's wish
  PartialSuccess partial = {};
  std::string reason = {};  // why it was not delivered, for a person
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Sends and waits for the answer, no longer than the time-out. One call at a time. `request` is
  // not referred to after the call.
  virtual Answer send(std::string_view request, Encoding encoding) noexcept = 0;

  // Whether requests of this encoding can be sent from here at all. Others are refused, which is no
  // verdict of the collector's: another process may send them.
  virtual bool carries(Encoding) const noexcept { return true; }

  // A call that is under way, and all that follow, return at once. Thread-safe.
  virtual void abort() noexcept = 0;

  // In the child of a fork: connections are the parent's.
  virtual void after_fork_in_child() noexcept = 0;

  // What a person knows the place by.
  virtual std::string place() const = 0;
};

std::unique_ptr<Transport> make_transport(const SignalOptions& options);

// What room otlp_grpc provides. Null: it has not been set up.
using TransportFactory = std::unique_ptr<Transport> (*)(const SignalOptions& options);
void set_grpc_transport(TransportFactory factory) noexcept;

}  // namespace waybill::internal
