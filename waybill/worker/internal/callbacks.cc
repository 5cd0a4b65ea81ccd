#include <memory>
#include <stdexcept>

#include <waybill/core/trace_text.h>
#include <waybill/http/client.h>
#include <waybill/worker/internal/callbacks.h>
#include <waybill/worker/internal/messaging.h>

namespace waybill::worker::internal {
namespace {

using Kind = Outcome::Kind;

const char* event_name(Kind kind) noexcept {
  switch (kind) {
    case Kind::kSuccess:
      return "success";
    case Kind::kRetry:
      return "failure";
    case Kind::kGiveUp:
      return "final_failure";
    case Kind::kHandBack:  // nobody is told
      break;
  }
  return "";
}

bool wants(const Callback& callback, Kind kind) noexcept {
  if (callback.url.empty()) return false;
  return kind == Kind::kSuccess ? callback.on_success
         : kind == Kind::kRetry ? callback.on_failure
                                : callback.on_final_failure;
}

json to_json(const FieldValue& value) {
  switch (value.type()) {
    case FieldValue::Type::kString:
      return std::string(value.as_string());
    case FieldValue::Type::kInt64:
      return value.as_int64();
    case FieldValue::Type::kUint64:
      return value.as_uint64();
    case FieldValue::Type::kDouble:
      return value.as_double();
    case FieldValue::Type::kBool:
      return value.as_bool();
  }
  return {};
}

std::string body_of(const JobInHand& job, const Outcome& outcome) {
  json body;
  for (const Field& field : job.context.fields()) {
    body[std::string(field.key)] = to_json(field.value);
  }
  body[kJobId] = job.job.id;
  body[kTaskName] = job.job.task;
  body[kAttempt] = job.delivery.attempt();
  body["event"] = event_name(outcome.kind);
  body["max_attempts"] = job.max_attempts;
  body["trace_id"] = trace_text(job.context);
  if (outcome.kind == Kind::kSuccess) {
    body["result"] = outcome.result;
  } else {
    body["error"] = outcome.reason;
  }
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string unix_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

void post(http::Client& client, const CallbackOptions& options, const json& payload) {
  const std::string& url = payload.at("url").get_ref<const std::string&>();
  if (options.is_allowed && !options.is_allowed(url)) {
    throw PermanentError("callbacks to " + url + " are not allowed");
  }
  const std::string& body = payload.at("body").get_ref<const std::string&>();
  const std::string timestamp = unix_seconds();
  http::Headers headers{{"Content-Type", "application/json"}, {"X-Waybill-Timestamp", timestamp}};
  if (!options.secret.empty()) {
    headers.add("X-Waybill-Signature", sign_callback(options.secret, timestamp, body));
  }
  const http::ClientResult result = client.post(url, body, std::move(headers));
  if (!result.ok()) {
    const bool is_hopeless = result.error == http::ClientError::kBadRequest ||
                             result.error == http::ClientError::kUnsupportedScheme;
    if (is_hopeless) throw PermanentError(result.message);
    throw std::runtime_error(result.message);
  }
  const int status = result.response.status;
  if (status >= 200 && status < 300) return;
  const std::string answer = url + " answered " + std::to_string(status);
  if (status == 408 || status == 429 || status >= 500) throw std::runtime_error(answer);
  throw PermanentError(answer);
}

}  // namespace

void add_callback_task(Registry& registry, const CallbackOptions& options) {
  const auto client =
      std::make_shared<http::Client>(http::ClientOptions{.timeout = options.timeout});
  registry.add(std::string(kCallbackTask),
               [client, options](const json& payload) { post(*client, options, payload); },
               {.retry = options.retry});
}

void create_callback(TaskManager& tasks, const JobInHand& job, const Outcome& outcome) {
  if (job.job.task == kCallbackTask || !wants(job.job.callback, outcome.kind)) return;
  tasks.create_task(std::string(kCallbackTask),
                    {{"url", job.job.callback.url}, {"body", body_of(job, outcome)}});
}

}  // namespace waybill::worker::internal
