#include <waybill/worker/internal/groups.h>

namespace waybill::worker::internal {

// Whoever crashes after the last part has arrived, and before the task that follows is created,
// leaves that to the next attempt of that part. Within the queue's deduplication window the key
// keeps it from being created twice; it is at least once, as all is.
void arrive_at_group(TaskManager& tasks, const JobInHand& job, const Outcome& outcome) {
  if (!job.job.group || outcome.kind == Outcome::Kind::kRetry) return;
  const Group& group = *job.job.group;
  const json result = outcome.kind == Outcome::Kind::kSuccess ? json{{"result", outcome.result}}
                                                              : json{{"error", outcome.reason}};
  const std::vector<std::string> all =
      tasks.queue()->arrive(group.id, group.index, group.total,
                            result.dump(-1, ' ', false, json::error_handler_t::replace));
  if (all.empty()) return;
  json payload = group.then_payload;
  payload["results"] = json::array();
  for (const std::string& text : all) {
    json part = json::parse(text, nullptr, false);
    if (part.is_discarded()) part = {{"error", "its result cannot be read"}};
    payload["results"].push_back(std::move(part));
  }
  tasks.create_task(group.then_task, std::move(payload),
                    {.deduplication_key = "g " + group.id.substr(0, 250)});
}

}  // namespace waybill::worker::internal
