#include <waybill/core/error.h>
#include <waybill/outbox/internal/batch.h>
#include <waybill/outbox/internal/row.h>

namespace waybill::outbox::internal {

void Batch::add(std::int64_t id, std::string_view body, std::string_view headers,
                std::string_view key, std::int64_t priority, std::chrono::milliseconds delay) {
  try {
    messages_.push_back(message_of(body, headers, key, priority, delay));
    ids_.push_back(id);
  } catch (const Error& error) {
    refused_.emplace_back(id, error.what());
  }
}

void Batch::move(const Outbox::Send& send) {
  if (messages_.empty()) return;
  std::vector<Sent> results = send(std::move(messages_));
  results.resize(ids_.size(), {.state = Sent::kKept, .reason = {}});
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    if (results[i].state == Sent::kSent) sent_.push_back(ids_[i]);
    if (results[i].state == Sent::kRefused) {
      refused_.emplace_back(ids_[i], std::move(results[i].reason));
    }
  }
}

}  // namespace waybill::outbox::internal
