#include <algorithm>

#include <waybill/trace/tracing.h>
#include <waybill/worker/callback.h>
#include <waybill/worker/internal/attempt.h>
#include <waybill/worker/internal/messaging.h>

namespace waybill::worker::internal {
namespace {

bool has_field(Fields fields, std::string_view key) noexcept {
  return std::any_of(fields.begin(), fields.end(),
                     [key](const Field& field) { return field.key == key; });
}

// Refers to the value.
std::optional<FieldValue> field_value(const json& value) {
  if (value.is_string()) return FieldValue(value.get_ref<const std::string&>());
  if (value.is_number_unsigned()) return FieldValue(value.get<std::uint64_t>());
  if (value.is_number_integer()) return FieldValue(value.get<std::int64_t>());
  if (value.is_number_float()) return FieldValue(value.get<double>());
  if (value.is_boolean()) return FieldValue(value.get<bool>());
  return std::nullopt;
}

Context with_job_fields(const JobInHand& in_hand, const Context& creator,
                        const std::vector<std::string>& fields_from_payload) {
  const Job& job = in_hand.job;
  // A callback is that of its job, as far as people are concerned.
  const bool is_callback = job.task == kCallbackTask && !job.parent_id.empty();
  std::vector<Field> fields;
  fields.reserve(4 + fields_from_payload.size());
  fields.push_back({kJobId, is_callback ? job.parent_id : job.id});
  fields.push_back({kTaskName, job.task});
  fields.push_back({kAttempt, in_hand.delivery.attempt()});
  if (!job.parent_id.empty() && !is_callback) fields.push_back({kParentJobId, job.parent_id});
  if (job.payload.is_object()) {
    for (const std::string& key : fields_from_payload) {
      const auto found = job.payload.find(key);
      if (found == job.payload.end() || has_field(creator.fields(), key)) continue;
      if (const auto value = field_value(*found)) fields.push_back({key, *value});
    }
  }
  return creator.with(Fields(fields.data(), fields.size()));
}

}  // namespace

void FailedAttempts::add(const std::string& job_id, const Context& context) {
  const std::lock_guard lock(mutex_);
  if (contexts_.insert_or_assign(job_id, context).second) order_.push_back(job_id);
  if (order_.size() <= kMost) return;
  contexts_.erase(order_.front());
  order_.pop_front();
}

Context FailedAttempts::last_of(const std::string& job_id) {
  const std::lock_guard lock(mutex_);
  const auto found = contexts_.find(job_id);
  return found != contexts_.end() ? found->second : Context();
}

void begin_attempt(JobInHand& job, const Context& creator, const WorkerOptions& worker,
                   const TaskManagerOptions& names, FailedAttempts& before) {
  if (!names.propagate) return;
  const Context named = with_job_fields(job, creator, worker.fields_from_payload);
  if (!is_tracing()) {
    job.context = named.child();
    return;
  }
  const Attribute attributes[] = {
      {"messaging.system", names.system},          {"messaging.destination.name", names.queue_name},
      {"messaging.operation.name", "process"},     {"messaging.operation.type", "process"},
      {"messaging.message.id", job.delivery.id()}, {"messaging.client.id", worker.name}};
  const bool is_again = job.delivery.attempt() > 1;
  const Context last = is_again ? before.last_of(job.job.id) : Context();
  // Each left out where it has no trace.
  const Link both[] = {Link(creator), Link(last)};
  std::span<const Link> links = both;
  if (!last.has_trace()) links = links.first(links.size() - 1);
  if (!creator.has_trace()) links = links.last(links.size() - 1);
  StartedSpan started =
      tracer().start("process " + job.job.task, Attributes(attributes),
                     {.kind = SpanKind::kConsumer, .links = links, .parent = &named});
  job.context = std::move(started.context);
  job.span = std::move(started.span);
}

}  // namespace waybill::worker::internal
