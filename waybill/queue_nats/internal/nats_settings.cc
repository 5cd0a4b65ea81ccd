#include <charconv>

#include <waybill/core/error.h>
#include <waybill/queue_nats/internal/nats_settings.h>

namespace waybill::queue::internal {

namespace {

// Half of kNatsDuplicateWindow: what is repeated within a call is known as such.
constexpr int kLongestTimeout = 60'000;
constexpr int kMostReplicas = 5;
// A cluster takes up to ten seconds to find out that a server is gone and to elect another leader.
constexpr std::chrono::milliseconds kTimeoutWithReplicas{30'000};

int number(std::string_view option, std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most) {
    return value;
  }
  throw Error::bad_option(option, text, std::to_string(least) + " to " + std::to_string(most));
}

std::string place(const ServerUrl::Server& server) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

}  // namespace

NatsSettings parse_nats_url(std::string_view url) {
  constexpr std::string_view kExample =
      "nats://[USER:PASSWORD@|TOKEN@]HOST[:PORT][,...]?queue=NAME";
  const ServerUrl parsed = parse_server_url(url, {.scheme = "nats",
                                                  .default_port = 4222,
                                                  .example = kExample,
                                                  .parameters = {"timeout", "replicas", "tls"}});
  // A password without a user is neither.
  if (parsed.user.empty() && !parsed.password.empty()) {
    throw Error::bad_option("queue url", without_password(url), kExample);
  }
  NatsSettings settings;
  settings.servers = parsed.servers;
  if (parsed.password.empty()) {
    settings.token = parsed.user;
  } else {
    settings.user = parsed.user;
    settings.password = parsed.password;
  }
  settings.queue = parsed.queue;
  const auto parameter = [&](const char* name) -> const std::string* {
    const auto found = parsed.parameters.find(name);
    return found == parsed.parameters.end() ? nullptr : &found->second;
  };
  if (const std::string* value = parameter("replicas")) {
    settings.replicas = number("replicas", *value, 1, kMostReplicas);
    if (settings.replicas > 1) settings.timeout = kTimeoutWithReplicas;
  }
  if (const std::string* value = parameter("timeout")) {
    settings.timeout = std::chrono::milliseconds(number("timeout", *value, 1, kLongestTimeout));
  }
  if (const std::string* value = parameter("tls")) {
    if (value->empty()) throw Error::bad_option("tls", *value, "on, or a file of certificates");
    settings.tls = *value;
  }
  return settings;
}

std::vector<std::string> NatsSettings::server_urls() const {
  std::vector<std::string> urls;
  for (const auto& server : servers) {
    urls.push_back((tls.empty() ? "nats://" : "tls://") + place(server));
  }
  return urls;
}

std::string NatsSettings::description() const {
  std::string places;
  for (const auto& server : servers) places += (places.empty() ? "" : ",") + place(server);
  return "queue '" + queue + "' at nats://" + places;
}

}  // namespace waybill::queue::internal
