#include <algorithm>

#include <nlohmann/json.hpp>

#include <waybill/queue/internal/bounded.h>
#include <waybill/queue_nats/internal/nats_streams.h>

namespace waybill::queue::internal {

namespace {

using nlohmann::json;

std::int64_t nanoseconds(std::chrono::nanoseconds duration) {
  return duration.count();
}

// One message a subject.
json shelf(const std::string& name, json subjects, int replicas) {
  return {{"name", name},
          {"subjects", std::move(subjects)},
          {"storage", "file"},
          {"retention", "limits"},
          {"num_replicas", replicas},
          {"max_msgs_per_subject", 1},
          {"duplicate_window", nanoseconds(kNatsDuplicateWindow)}};
}

}  // namespace

json nats_line_stream(const NatsNames& names, int replicas) {
  return {{"name", names.line_stream()},
          {"subjects",
           {names.line(Priority::kHigh), names.line(Priority::kNormal), names.line(Priority::kLow),
            names.all_later()}},
          {"storage", "file"},
          {"retention", "workqueue"},
          {"num_replicas", replicas},
          {"duplicate_window", nanoseconds(kNatsDuplicateWindow)}};
}

json nats_dead_stream(const NatsNames& names, int replicas) {
  return shelf(names.dead_stream(), {names.all_dead()}, replicas);
}

json nats_notes_stream(const NatsNames& names, int replicas) {
  json stream = shelf(names.notes_stream(), {names.all_claims(), names.all_parts()}, replicas);
  stream["max_age"] = nanoseconds(kArrivalsKept);
  return stream;
}

json nats_keys_stream(const NatsNames& names, int replicas, std::chrono::milliseconds kept) {
  json stream = shelf(names.keys_stream(), {names.all_keys()}, replicas);
  stream["max_age"] =
      nanoseconds(std::max<std::chrono::milliseconds>(kept, 2 * kNatsDuplicateWindow));
  return stream;
}

json nats_consumer(const std::string& name, const std::string& subject,
                   std::chrono::milliseconds visibility) {
  constexpr int kMostWaiting = 4'096;
  return {
      {"durable_name", name},     {"filter_subject", subject},           {"deliver_policy", "all"},
      {"ack_policy", "explicit"}, {"ack_wait", nanoseconds(visibility)}, {"max_ack_pending", -1},
      {"max_deliver", -1},        {"max_waiting", kMostWaiting}};
}

}  // namespace waybill::queue::internal
