#include <limits>
#include <utility>

#include <waybill/core/context.h>
#include <waybill/core/error.h>
#include <waybill/core/ids.h>
#include <waybill/core/scope.h>
#include <waybill/trace/tracer.h>
#include <waybill/worker/internal/messaging.h>
#include <waybill/worker/task_manager.h>

namespace waybill::worker {
namespace {

std::string random_id() {
  return SpanId::random().to_hex();
}

// The job in which this runs.
std::string current_job_id() {
  for (const Field& field : Context::current().fields()) {
    if (field.key != internal::kJobId) continue;
    std::string id = field.value.to_string();
    return id.size() <= 256 ? id : std::string();
  }
  return {};
}

void check(const NewTask& task) {
  if (task.name.empty() || task.name.size() > 256) {
    throw Error::bad_option("task name", task.name, "1 to 256 bytes");
  }
  if (task.options.job_id.size() > 256) {
    throw Error::bad_option("job_id", task.options.job_id, "at most 256 bytes");
  }
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (const auto most = task.options.max_attempts; most && (*most < 1 || *most > kMost)) {
    throw Error::bad_option("max_attempts", std::to_string(*most), "1 to 2147483647");
  }
  if (const auto limit = task.options.time_limit;
      limit && (limit->count() < 0 || limit->count() > kMost)) {
    throw Error::bad_option("time_limit", std::to_string(limit->count()) + " ms",
                            "0 (none) to 2147483647 ms");
  }
}

void check_batch(const std::vector<NewTask>& tasks) {
  for (const NewTask& task : tasks) {
    if (task.options.deduplication_key.empty()) continue;
    throw Error::bad_option("deduplication_key", task.options.deduplication_key,
                            "none for tasks that are created together");
  }
}

queue::Message message_of(NewTask task, std::string_view trace, const std::string& parent_id,
                          const Group* group, std::uint32_t index, std::string& id) {
  id = task.options.job_id.empty() ? random_id() : std::move(task.options.job_id);
  Job job{.id = id,
          .task = std::move(task.name),
          .payload = std::move(task.payload),
          .parent_id = parent_id,
          .max_attempts = task.options.max_attempts,
          .time_limit = task.options.time_limit,
          .callback = std::move(task.options.callback)};
  if (group != nullptr) {
    job.group = *group;
    job.group->index = index;
  }
  return {.body = to_body(job, trace),
          .delay = task.options.delay,
          .priority = task.options.priority,
          .deduplication_key = std::move(task.options.deduplication_key)};
}

}  // namespace

TaskManager::TaskManager(std::shared_ptr<queue::Queue> queue, TaskManagerOptions options)
    : queue_(std::move(queue)), options_(std::move(options)) {
  if (queue_ == nullptr) throw Error::bad_option("queue", "null", "a queue");
}

std::string TaskManager::create_task(std::string name, json payload, CreateOptions options) {
  std::vector<NewTask> one;
  one.push_back({std::move(name), std::move(payload), std::move(options)});
  return std::move(create(std::move(one), nullptr).front());
}

std::vector<std::string> TaskManager::create_tasks(std::vector<NewTask> tasks) {
  check_batch(tasks);
  return create(std::move(tasks), nullptr);
}

std::vector<std::string> TaskManager::create_group(std::vector<NewTask> tasks, NewTask then) {
  check_batch(tasks);
  check(then);
  if (tasks.empty()) throw Error::bad_option("tasks", "none", "at least one");
  if (then.options != CreateOptions()) {
    throw Error::bad_option("options of " + then.name, "some", "none: those of its registration");
  }
  if (!then.payload.is_object()) {
    throw Error::bad_option("payload of " + then.name, then.payload.dump(), "an object");
  }
  const Group group{.id = random_id(),
                    .total = static_cast<std::uint32_t>(tasks.size()),
                    .then_task = std::move(then.name),
                    .then_payload = std::move(then.payload)};
  return create(std::move(tasks), &group);
}

PreparedTask TaskManager::prepare_task(std::string name, json payload, CreateOptions options) {
  std::vector<NewTask> one;
  one.push_back({std::move(name), std::move(payload), std::move(options)});
  Batch batch = prepare(std::move(one), nullptr, [](Batch& prepared) {
    queue::add_context(prepared.messages.front().headers);
  });
  return {std::move(batch.ids.front()), std::move(batch.messages.front())};
}

std::vector<std::string> TaskManager::create(std::vector<NewTask> tasks, const Group* group) {
  if (tasks.empty()) return {};
  return prepare(std::move(tasks), group,
                 [this](Batch& batch) {
                   if (queue_->send(std::move(batch.messages)) == 0) batch.ids.front().clear();
                 })
      .ids;
}

TaskManager::Batch TaskManager::prepare(std::vector<NewTask> tasks, const Group* group,
                                        const std::function<void(Batch&)>& use) {
  for (const NewTask& task : tasks) check(task);
  if (!options_.propagate) {
    const Scope scope{Context()};
    Batch batch = messages_of(std::move(tasks), group, {});
    use(batch);
    return batch;
  }
  const std::string what = tasks.size() == 1 ? tasks.front().name : options_.queue_name;
  const Attribute attributes[] = {
      {"messaging.system", options_.system},
      {"messaging.destination.name", options_.queue_name},
      {"messaging.operation.name", "create"},
      {"messaging.operation.type", "send"},
      {"messaging.batch.message_count", tasks.size()},
  };
  auto span = internal::tracer().span("create " + what,
                                      Attributes(attributes).first(tasks.size() == 1 ? 4 : 5),
                                      {.kind = SpanKind::kProducer});
  // Of a job without a trace, each attempt would begin one of its own.
  const Context& current = Context::current();
  const Scope scope{current.has_trace() ? current : current.child()};
  try {
    Batch batch = messages_of(std::move(tasks), group, current_job_id());
    if (batch.ids.size() == 1) span.set("messaging.message.id", batch.ids.front());
    use(batch);
    return batch;
  } catch (const std::exception& error) {
    span.record_exception(error);
    throw;
  }
}

TaskManager::Batch TaskManager::messages_of(std::vector<NewTask> tasks, const Group* group,
                                            const std::string& parent_id) {
  Batch batch;
  batch.ids.resize(tasks.size());
  batch.messages.reserve(tasks.size());
  const std::string trace = envelope_member(Context::current());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    batch.messages.push_back(message_of(std::move(tasks[i]), trace, parent_id, group,
                                        static_cast<std::uint32_t>(i), batch.ids[i]));
  }
  return batch;
}

}  // namespace waybill::worker
