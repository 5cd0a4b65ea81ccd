// TaskManager: has tasks done, by whichever worker takes them from the queue.
//
//   TaskManager tasks(queue::open("sqlite:/var/lib/shop/work.db?queue=jobs"),
//                     {.queue_name = "jobs"});
//   Scope scope{Context::current().with({{"account_id", account}, {"lead_id", lead}})};
//   std::string job_id = tasks.create_task("charge", {{"cents", 1200}}, {.delay = 5min});
//
// A job carries the context that it was created in: trace, fields, baggage. Its attempts run under
// it, with job_id, task_name and attempt beside what was there; so do the tasks that it creates,
// which know it as parent_job_id.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/queue/queue.h>
#include <waybill/worker/job.h>

namespace waybill::worker {

struct TaskManagerOptions {
  // How spans call the queue (messaging.destination.name), and what it is (messaging.system): a
  // name as OpenTelemetry has it, or "sqlite", "memory".
  std::string queue_name = "tasks";
  std::string system = "waybill";
  // False: jobs carry nothing of the context that they are created in, and attempts run under none,
  // without spans. To see what that costs.
  bool propagate = true;
};

struct CreateOptions {
  // Left out: a random one of 16 hex digits.
  std::string job_id = {};
  std::chrono::milliseconds delay{0};
  queue::Priority priority = queue::Priority::kNormal;
  // Where a job of the same key was created within the queue's deduplication window, this one is
  // not. Of create_task() alone.
  std::string deduplication_key = {};
  // In place of what the task's options say.
  std::optional<std::uint32_t> max_attempts = std::nullopt;
  std::optional<std::chrono::milliseconds> time_limit = std::nullopt;
  Callback callback = {};

  bool operator==(const CreateOptions&) const = default;
};

struct NewTask {
  std::string name;
  json payload = json::object();
  CreateOptions options = {};
};

// A job that somebody else is to send; see waybill/outbox.
struct PreparedTask {
  std::string job_id;
  queue::Message message;
};

// Thread-safe.
class TaskManager {
 public:
  explicit TaskManager(std::shared_ptr<queue::Queue> queue, TaskManagerOptions options = {});

  // The job's id; it is in the queue when this returns, as durable as the queue is. Empty: there is
  // one of that deduplication key already. Throws waybill::Error when the queue's storage fails,
  // for an option out of its range, and for a payload that is no JSON; there is no job then.
  std::string create_task(std::string name, json payload = json::object(),
                          CreateOptions options = {});
  // All or none, in one go.
  std::vector<std::string> create_tasks(std::vector<NewTask> tasks);

  // The same, and when all of them have ended, one task more, `then`: its payload has the member
  // "results", in their order {"result": what it returned} or {"error": why it was given up}. At
  // least one task. `then`, which takes no options, is a child of the one that ended last, and so
  // of the same trace. A task whose message could not be read, or whose arrival could not be
  // written, has not ended: `then` waits until that dead letter is put back.
  std::vector<std::string> create_group(std::vector<NewTask> tasks, NewTask then);

  // A job as create_task() would send it, its context in its headers, not in the queue yet. Throws
  // waybill::Error like it.
  PreparedTask prepare_task(std::string name, json payload = json::object(),
                            CreateOptions options = {});

  const std::shared_ptr<queue::Queue>& queue() const noexcept { return queue_; }
  const TaskManagerOptions& options() const noexcept { return options_; }

 private:
  struct Batch {
    std::vector<std::string> ids;
    std::vector<queue::Message> messages;
  };

  std::vector<std::string> create(std::vector<NewTask> tasks, const Group* group);
  // Within the span of the creation, in which `use` does something with them.
  Batch prepare(std::vector<NewTask> tasks, const Group* group,
                const std::function<void(Batch&)>& use);
  Batch messages_of(std::vector<NewTask> tasks, const Group* group, const std::string& parent_id);

  std::shared_ptr<queue::Queue> queue_;
  TaskManagerOptions options_;
};

}  // namespace waybill::worker
