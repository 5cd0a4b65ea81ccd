#include <algorithm>
#include <optional>

#include <waybill/core/error.h>
#include <waybill/propagation/propagation.h>
#include <waybill/queue/internal/bounded.h>
#include <waybill/queue/internal/find_kind.h>
#include <waybill/queue/internal/queue_url.h>
#include <waybill/queue/memory_queue.h>
#include <waybill/queue/queue.h>
#include <waybill/queue/sqlite_queue.h>

namespace waybill::queue {

namespace {

void prepare(Message& message) {
  if (message.deduplication_key.size() > internal::kLongestDeduplicationKey) {
    throw Error::bad_option("deduplication_key", message.deduplication_key, "at most 256 bytes");
  }
  message.delay = internal::bounded(message.delay);
}

void check(std::string_view option, std::chrono::milliseconds value,
           std::chrono::milliseconds least) {
  if (value >= least && value == internal::bounded(value)) return;
  throw Error::bad_option(option, std::to_string(value.count()) + " ms",
                          std::to_string(least.count()) + " ms to ten years");
}

}  // namespace

void add_context(Headers& headers) {
  HeaderListCarrier carrier(headers);
  const bool has_context = !headers.empty() && extract(carrier).has_trace();
  if (!has_context) inject(Context::current(), carrier, {.trusted = true});
}

std::size_t Queue::send(Message message) {
  prepare(message);
  add_context(message.headers);
  return do_send({&message, 1});
}

std::size_t Queue::send(std::vector<Message> messages) {
  if (messages.empty()) return 0;
  std::optional<Headers> alone;  // what the context adds where there is nothing yet
  for (Message& message : messages) {
    prepare(message);
    if (!message.headers.empty()) {
      add_context(message.headers);
      continue;
    }
    if (!alone) add_context(alone.emplace());
    message.headers = *alone;
  }
  return do_send(messages);
}

std::vector<Delivery> Queue::receive(std::size_t max, std::chrono::milliseconds wait) {
  if (max == 0) return {};
  return do_receive(max, internal::bounded(wait));
}

std::optional<Delivery> Queue::receive(std::chrono::milliseconds wait) {
  std::vector<Delivery> deliveries = do_receive(1, internal::bounded(wait));
  if (deliveries.empty()) return std::nullopt;
  return std::move(deliveries.front());
}

std::size_t Queue::ack(std::span<Delivery> deliveries) {
  std::vector<Delivery*> asked;
  std::vector<Lease*> leases;
  for (Delivery& delivery : deliveries) {
    if (delivery.settled()) continue;
    asked.push_back(&delivery);
    leases.push_back(delivery.lease_.get());
  }
  if (leases.empty()) return 0;
  const std::vector<Settlement> outcomes = do_ack(leases);
  std::size_t acked = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i]->settle(outcomes[i])) ++acked;
  }
  return acked;
}

std::vector<Settlement> Queue::do_ack(std::span<Lease* const> leases) {
  std::vector<Settlement> outcomes(leases.size());
  std::ranges::transform(leases, outcomes.begin(), [](Lease* lease) { return lease->ack(); });
  return outcomes;
}

std::unique_ptr<Queue> open(std::string_view url, const Options& options) {
  check("visibility_timeout", options.visibility_timeout, std::chrono::milliseconds(1));
  check("deduplication_window", options.deduplication_window, std::chrono::milliseconds(1));
  check("busy_timeout", options.busy_timeout, std::chrono::milliseconds(0));
  if (const OpenFunction found = internal::find_kind(url.substr(0, url.find(':')))) {
    return found(url, options);
  }
  const internal::QueueUrl parsed = internal::parse_url(url);
  switch (parsed.kind) {
    case internal::QueueUrl::Kind::kMemory:
      return std::make_unique<MemoryQueue>(parsed.name, options);
    case internal::QueueUrl::Kind::kSqlite:
      break;
  }
  return std::make_unique<SqliteQueue>(parsed.path, parsed.name, options);
}

}  // namespace waybill::queue
