// What the client library hands out, owned; and its failures, thrown.
#pragma once

#include <memory>
#include <stdexcept>
#include <string_view>

#include <nats/nats.h>

namespace waybill::queue::internal {

// Not known whether what was asked is done.
class NatsLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct NatsFree {
  void operator()(natsMsg* message) const noexcept { natsMsg_Destroy(message); }
  void operator()(natsOptions* options) const noexcept { natsOptions_Destroy(options); }
  void operator()(natsSubscription* subscription) const noexcept {
    natsSubscription_Destroy(subscription);
  }
  void operator()(natsConnection* connection) const noexcept { natsConnection_Destroy(connection); }
};
using NatsMessage = std::unique_ptr<natsMsg, NatsFree>;

// For what the client library says of memory and of arguments.
void check_nats(natsStatus status, const char* what);

inline std::string_view nats_body(const natsMsg& message) noexcept {
  return {natsMsg_GetData(&message), static_cast<std::size_t>(natsMsg_GetDataLength(&message))};
}
inline std::string_view nats_reply(const natsMsg& message) noexcept {
  const char* reply = natsMsg_GetReply(&message);
  return reply == nullptr ? std::string_view() : std::string_view(reply);
}

}  // namespace waybill::queue::internal
