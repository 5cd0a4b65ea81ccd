// The rows that are moved in one go.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/outbox/outbox.h>

namespace waybill::outbox::internal {

class Batch {
 public:
  // A row as it was read; one that is no message is refused.
  void add(std::int64_t id, std::string_view body, std::string_view headers, std::string_view key,
           std::int64_t priority, std::chrono::milliseconds delay);

  // Once: gives the messages to `send`, and throws what that throws.
  void move(const Outbox::Send& send);

  // Ids of rows to delete, and of rows to mark with a reason.
  const std::vector<std::int64_t>& sent() const noexcept { return sent_; }
  const std::vector<std::pair<std::int64_t, std::string>>& refused() const noexcept {
    return refused_;
  }
  bool changes_nothing() const noexcept { return sent_.empty() && refused_.empty(); }
  Outbox::Moved moved() const noexcept { return {sent_.size(), refused_.size()}; }

 private:
  std::vector<std::int64_t> ids_;  // of the messages
  std::vector<queue::Message> messages_;
  std::vector<std::int64_t> sent_;
  std::vector<std::pair<std::int64_t, std::string>> refused_;
};

}  // namespace waybill::outbox::internal
