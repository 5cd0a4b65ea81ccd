#include "worker.h"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/propagation/envelope.h>

namespace landscape {
namespace {

using nlohmann::json;
using waybill::Context;
using waybill::Logger;
using waybill::Scope;
using waybill::queue::Delivery;

constexpr std::size_t kBatch = 4;
constexpr std::chrono::milliseconds kWait{250};

volatile std::sig_atomic_t stop_requested = 0;

void stop_on_signals() {
  for (const int signal : {SIGTERM, SIGINT}) std::signal(signal, [](int) { stop_requested = 1; });
}

class Worker {
 public:
  Worker(const std::string& name, waybill::queue::Queue& input, const Options& options,
         const Work& work)
      : input_(input),
        max_attempts_(options.max_attempts),
        retry_delay_(options.retry_delay_ms),
        work_(work),
        log_(waybill::logger(name).with({{"worker", name}})) {}

  int run() {
    log_.info({{"action", "start"}}, "waiting for jobs");
    while (stop_requested == 0) {
      for (Delivery& delivery : input_.receive(kBatch, kWait)) handle(delivery);
    }
    log_.info({{"action", "stop"}}, "stopped");
    return 0;
  }

 private:
  // The context is in the envelope; of a message that has none, or cannot be read, in the headers.
  void handle(Delivery& delivery) {
    const auto envelope = waybill::extract_envelope(delivery.body());
    const bool enveloped = envelope && envelope->context.has_trace();
    const Context sender = enveloped ? envelope->context : delivery.context();
    const Scope scope{sender.child()};
    const json job = envelope ? json::parse(envelope->payload, nullptr, false) : json();
    log_.info(
        {{"action", "receive"}, {"message_id", delivery.id()}, {"attempt", delivery.attempt()}},
        "job received");
    if (!job.is_object()) {
      return dead_letter(delivery, "payload is not a JSON object");
    }
    // Handed out more often than it can have failed: it takes its worker down with it.
    if (delivery.attempt() > max_attempts_) return dead_letter(delivery, "never came to an end");
    try {
      work_(job);
    } catch (const std::exception& error) {
      return retry(delivery, error.what());
    }
    if (!delivery.ack())
      log_.warn({{"action", "ack"}}, "acked too late: the job will be done twice");
  }

  void retry(Delivery& delivery, const std::string& reason) {
    if (delivery.attempt() >= max_attempts_) {
      return dead_letter(delivery,
                         reason + " (" + std::to_string(delivery.attempt()) + " attempts)");
    }
    log_.warn({{"action", "retry"}, {"delay_ms", retry_delay_.count()}}, "{}: trying again",
              reason);
    delivery.retry(retry_delay_);
  }

  void dead_letter(Delivery& delivery, const std::string& reason) {
    log_.error({{"action", "dead-letter"}, {"reason", reason}}, "job given up");
    delivery.dead_letter(reason);
  }

  waybill::queue::Queue& input_;
  const std::uint32_t max_attempts_;
  const std::chrono::milliseconds retry_delay_;
  const Work& work_;
  Logger log_;
};

}  // namespace

int run_worker(const std::string& name, waybill::queue::Queue& input, const Options& options,
               const Work& work) {
  stop_on_signals();
  return Worker(name, input, options, work).run();
}

waybill::queue::Message to_message(const json& job) {
  // A JSON object always takes an envelope.
  return {.body = waybill::inject_envelope(job.dump(), Context::current()).value()};
}

}  // namespace landscape
