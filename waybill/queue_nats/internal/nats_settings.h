// NatsSettings: the url of a queue in NATS JetStream, taken apart and checked.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/queue/internal/server_url.h>

namespace waybill::queue::internal {

struct NatsSettings {
  std::vector<ServerUrl::Server> servers;
  std::string user;
  std::string password;
  std::string token;
  std::string tls;  // "on", or the file of the authorities that are trusted; empty: no TLS
  std::string queue;
  std::chrono::milliseconds timeout{5'000};
  int replicas = 1;

  // As the client library takes them, without user and password.
  std::vector<std::string> server_urls() const;
  // For errors: "queue 'invoices' at nats://127.0.0.1:4222". Without the password.
  std::string description() const;
};

// Throws waybill::Error, which does not tell the password.
NatsSettings parse_nats_url(std::string_view url);

}  // namespace waybill::queue::internal
