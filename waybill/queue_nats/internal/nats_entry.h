// NatsEntry: a message as it stands in a stream.
//
//   Nats-Msg-Id: ID               or ID/SEQUENCE for what was moved from there; JetStream drops
//                                 what it has got already
//   Waybill: SENT ATTEMPTS NAMES  when it was sent (ms since 1970), how often it had been delivered
//                                 before it was moved here, and its headers' names in their order
//   each header, by its name
//
// A header that NATS cannot carry stands among NAMES itself, as "=NAME=VALUE", each
// percent-encoded. A message without a label of this form is another program's: its headers are
// what NATS knows of it, but for those of NATS's own ("Nats-..."), by name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nats/nats.h>

#include <waybill/queue/message.h>

namespace waybill::queue::internal {

struct NatsLabel {
  std::string id;
  std::uint32_t attempts = 0;
  Time sent;
};

struct NatsEntry {
  NatsLabel label;
  Message message;  // without its priority
};

// The headers; how many bytes they are. `moved_from` is zero for what is new.
std::size_t write_headers(natsMsg& to, const Headers& headers, const NatsLabel& label,
                          std::uint64_t moved_from = 0);

// Where there is no label: `sequence` and `stored` say the id and the time.
NatsEntry read_entry(natsMsg& message, std::uint64_t sequence, Time stored);
NatsEntry read_entry(const Headers& headers, std::string_view body, std::uint64_t sequence,
                     Time stored);

}  // namespace waybill::queue::internal
