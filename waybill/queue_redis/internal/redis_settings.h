// RedisSettings: the url of a queue in Redis, taken apart and checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/queue/internal/server_url.h>

namespace waybill::queue::internal {

struct RedisSettings {
  ServerUrl::Server server;
  std::string user;
  std::string password;
  int database = 0;
  std::string queue;
  std::chrono::milliseconds timeout{5000};
  int replicas = 0;

  // For errors: "queue 'invoices' at redis://127.0.0.1:6379/2". Without the password.
  std::string description() const;
};

// Throws waybill::Error, which does not tell the password.
RedisSettings parse_redis_url(std::string_view url);

}  // namespace waybill::queue::internal
