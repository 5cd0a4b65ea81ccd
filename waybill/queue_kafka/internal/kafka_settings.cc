#include <algorithm>
#include <charconv>

#include <waybill/core/error.h>
#include <waybill/queue/internal/server_url.h>
#include <waybill/queue_kafka/internal/kafka_settings.h>

namespace waybill::queue::internal {

namespace {

constexpr int kShortestTimeout = 100;
constexpr int kLongestTimeout = 600'000;
constexpr int kMostPartitions = 10'000;
constexpr int kMostReplicas = 100;

int number(std::string_view option, std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most) {
    return value;
  }
  throw Error::bad_option(option, text, std::to_string(least) + " to " + std::to_string(most));
}

bool yes_or_no(std::string_view option, std::string_view text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  throw Error::bad_option(option, text, "yes or no");
}

// Kafka's own rule for the names of topics, which are up to 249 bytes long: ".retry" is to fit in.
bool is_topic_name(std::string_view name) {
  constexpr std::size_t kLongest = 128;
  return name.size() <= kLongest && name != "." && name != ".." &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

}  // namespace

KafkaSettings parse_kafka_url(std::string_view url) {
  constexpr std::string_view kExample = "kafka://[USER:PASSWORD@]HOST[:PORT][,HOST...]?queue=NAME";
  const ServerUrl parsed =
      parse_server_url(url, {.scheme = "kafka",
                             .default_port = 9092,
                             .example = kExample,
                             .parameters = {"timeout", "partitions", "replicas", "trim"}});
  if (parsed.user.empty() != parsed.password.empty()) {
    throw Error::bad_option("queue url", without_password(url), kExample);
  }
  if (!is_topic_name(parsed.queue)) {
    throw Error::bad_option("queue", parsed.queue,
                            "letters, digits, '.', '_' and '-', as Kafka's topics are named");
  }
  KafkaSettings settings;
  for (const auto& [host, port] : parsed.servers) {
    const bool is_v6 = host.find(':') != std::string::npos;
    if (!settings.servers.empty()) settings.servers += ',';
    settings.servers += (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
  }
  settings.user = parsed.user;
  settings.password = parsed.password;
  settings.queue = parsed.queue;
  for (const auto& [name, value] : parsed.parameters) {
    if (name == "timeout") {
      settings.timeout =
          std::chrono::milliseconds(number(name, value, kShortestTimeout, kLongestTimeout));
    } else if (name == "partitions") {
      settings.partitions = number(name, value, 1, kMostPartitions);
    } else if (name == "replicas") {
      settings.replicas = number(name, value, 1, kMostReplicas);
    } else {
      settings.trim = yes_or_no(name, value);
    }
  }
  return settings;
}

std::string KafkaSettings::description() const {
  return "queue '" + queue + "' at kafka://" + servers;
}

}  // namespace waybill::queue::internal
