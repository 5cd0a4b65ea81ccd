#include <charconv>

#include <waybill/core/error.h>
#include <waybill/queue_redis/internal/redis_settings.h>

namespace waybill::queue::internal {

namespace {

constexpr int kMostDatabases = 1'000'000;
constexpr int kLongestTimeout = 3'600'000;
constexpr int kMostReplicas = 100;

int number(std::string_view option, std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most) {
    return value;
  }
  throw Error::bad_option(option, text, std::to_string(least) + " to " + std::to_string(most));
}

}  // namespace

RedisSettings parse_redis_url(std::string_view url) {
  constexpr std::string_view kExample = "redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]?queue=NAME";
  const ServerUrl parsed = parse_server_url(url, {.scheme = "redis",
                                                  .default_port = 6379,
                                                  .example = kExample,
                                                  .parameters = {"timeout", "replicas"},
                                                  .takes_path = true});
  // A user without a password is one that was put in the place of the other.
  if (parsed.servers.size() != 1 || (parsed.password.empty() && !parsed.user.empty())) {
    throw Error::bad_option("queue url", without_password(url), kExample);
  }
  RedisSettings settings;
  settings.server = parsed.servers.front();
  settings.user = parsed.user;
  settings.password = parsed.password;
  settings.queue = parsed.queue;
  if (!parsed.path.empty()) {
    settings.database = number("redis database", parsed.path, 0, kMostDatabases);
  }
  for (const auto& [name, value] : parsed.parameters) {
    if (name == "timeout") {
      settings.timeout = std::chrono::milliseconds(number(name, value, 1, kLongestTimeout));
    } else {
      settings.replicas = number(name, value, 0, kMostReplicas);
    }
  }
  return settings;
}

std::string RedisSettings::description() const {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  return "queue '" + queue + "' at redis://" + (is_v6 ? "[" + server.host + "]" : server.host) +
         ":" + std::to_string(server.port) + (database == 0 ? "" : "/" + std::to_string(database));
}

}  // namespace waybill::queue::internal
