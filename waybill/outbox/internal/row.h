// A message as a row of the table waybill_outbox, whatever database that is in.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/queue/message.h>

namespace waybill::outbox::internal {

// What add() writes.
struct NewRow {
  std::string trace;    // as people know it; empty: none
  std::string key;      // for deduplication: the message's own, else a random one
  std::string headers;  // JSON: [["name", "value"], ...]
};

// With the ambient context in its headers, as Queue::send() has it. Throws waybill::Error for
// headers that are not UTF-8, and a key that is too long.
NewRow row_of(const queue::Message& message);

// What a relay reads. Throws waybill::Error, which says what is wrong, for a row that is no
// message.
queue::Message message_of(std::string_view body, std::string_view headers, std::string_view key,
                          std::int64_t priority, std::chrono::milliseconds delay);

}  // namespace waybill::outbox::internal
