#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <waybill/core/error.h>
#include <waybill/core/json_escape.h>
#include <waybill/propagation/envelope.h>
#include <waybill/propagation/internal/json_scan.h>
#include <waybill/propagation/internal/json_unescape.h>
#include <waybill/worker/job.h>

namespace waybill::worker {
namespace {

constexpr std::size_t kLongestName = 256;

// The members of an object, of which nothing is built that nobody asks for; remembers the first
// that is not what it should be.
class Members {
 public:
  explicit Members(std::string_view object) {
    waybill::internal::JsonObjectReader reader(object);
    waybill::internal::JsonMember member;
    while (reader.next(&member)) {
      std::string storage;
      const std::string_view name = waybill::internal::unescape_json(member.key, storage);
      const auto known = std::ranges::find(kNames, name);
      if (known != kNames.end()) values_[static_cast<std::size_t>(known - kNames.begin())] = member;
    }
  }

  enum Name { kTask, kJobId, kPayload, kParentJobId, kMaxAttempts, kTimeLimit, kCallback, kGroup };

  std::string text(Name name, bool required = false) {
    const JsonMember* const found = find(name);
    if (found == nullptr) {
      if (required) fail(name, "is missing");
      return {};
    }
    if (found->is_string()) {
      std::string text(found->string());
      if (text.find('\\') != std::string::npos) text = json::parse(found->value).get<std::string>();
      if (text.size() <= kLongestName) return text;
    }
    fail(name, "is not a text of at most 256 bytes");
    return {};
  }

  std::optional<std::uint32_t> count(Name name, std::uint32_t least = 1) {
    const JsonMember* const found = find(name);
    if (found == nullptr) return std::nullopt;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(found->value.data(), found->end(), value);
    if (error == std::errc() && end == found->end() && value >= least &&
        value <= std::numeric_limits<std::int32_t>::max()) {
      return value;
    }
    fail(name, "is not a number of 1, or 0 where that is none, to 2147483647");
    return std::nullopt;
  }

  // Nullopt: it is missing. This and text() throw json::exception for what only looks like JSON:
  // half a surrogate pair, a number beyond double's range.
  std::optional<json> value(Name name) const {
    const JsonMember* const found = find(name);
    return found != nullptr ? std::optional(json::parse(found->value)) : std::nullopt;
  }

  void fail(Name name, const char* why) {
    if (error_.empty()) error_ = "member '" + std::string(kNames[name]) + "' " + why;
  }
  const std::string& error() const noexcept { return error_; }

 private:
  using JsonMember = waybill::internal::JsonMember;

  static constexpr std::array<std::string_view, 8> kNames{
      "task",         "job_id",        "payload",  "parent_job_id",
      "max_attempts", "time_limit_ms", "callback", "group"};

  const JsonMember* find(Name name) const noexcept {
    return values_[name].value.empty() ? nullptr : &values_[name];
  }

  std::array<JsonMember, kNames.size()> values_{};  // the last one of each name
  std::string error_;
};

json to_json(const Callback& callback) {
  json on = json::array();
  if (callback.on_success) on.push_back("success");
  if (callback.on_failure) on.push_back("failure");
  if (callback.on_final_failure) on.push_back("final_failure");
  return {{"url", callback.url}, {"on", std::move(on)}};
}

Callback read_callback(Members& members) {
  const auto found = members.value(Members::kCallback);
  if (!found) return {};
  const auto url = found->is_object() ? found->find("url") : found->end();
  const auto on = found->is_object() ? found->find("on") : found->end();
  if (!found->is_object() || url == found->end() || !url->is_string() || on == found->end() ||
      !on->is_array()) {
    members.fail(Members::kCallback, "is not an object with 'url' and 'on'");
    return {};
  }
  const auto tells_of = [&on](const char* event) {
    return std::find(on->begin(), on->end(), event) != on->end();
  };
  return {.url = url->get<std::string>(),
          .on_success = tells_of("success"),
          .on_failure = tells_of("failure"),
          .on_final_failure = tells_of("final_failure")};
}

constexpr std::uint32_t kNoNumber = std::numeric_limits<std::uint32_t>::max();

// Of a part, or of how many there are.
std::uint32_t number(const json& value) {
  if (!value.is_number_unsigned()) return kNoNumber;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(value.get<std::uint64_t>(), kNoNumber));
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kLongestName;
}

json to_json(const Group& group) {
  return {{"id", group.id},
          {"index", group.index},
          {"total", group.total},
          {"then", {{"task", group.then_task}, {"payload", group.then_payload}}}};
}

std::optional<Group> read_group(Members& members) {
  const auto found = members.value(Members::kGroup);
  if (!found) return std::nullopt;
  try {
    const json& then = found->at("then");
    Group group{.id = found->at("id").get<std::string>(),
                .index = number(found->at("index")),
                .total = number(found->at("total")),
                .then_task = then.at("task").get<std::string>(),
                .then_payload = then.value("payload", json::object())};
    if (group.index < group.total && group.total != kNoNumber && group.then_payload.is_object() &&
        is_name(group.id) && is_name(group.then_task)) {
      return group;
    }
  } catch (const json::exception&) {
  }
  members.fail(Members::kGroup, "is not an object with 'id', 'index' below 'total', and 'then'");
  return std::nullopt;
}

// Of those in a payload and around it, no reader has to follow more than 64.
constexpr int kDeepestPayload = 60;

bool is_deeper(const json& value, int levels) {
  if (!value.is_structured()) return false;
  if (levels == 0) return true;
  return std::any_of(value.begin(), value.end(),
                     [levels](const json& inner) { return is_deeper(inner, levels - 1); });
}

void append_member(std::string& body, std::string_view name, std::string_view text) {
  append_json_string(body, name);
  body += ':';
  append_json_string(body, text);
}

}  // namespace

std::string to_body(const Job& job, std::string_view trace) {
  if (is_deeper(job.payload, kDeepestPayload) ||
      (job.group && is_deeper(job.group->then_payload, kDeepestPayload))) {
    throw Error("the payload of task '" + job.task + "' is nested more than 60 levels deep");
  }
  std::string body = "{";
  if (!trace.empty()) (body += trace) += ',';
  append_member(body, "task", job.task);
  append_member(body += ',', "job_id", job.id);
  try {
    (body += ",\"payload\":") += job.payload.dump();
    if (job.group) (body += ",\"group\":") += to_json(*job.group).dump();
    if (!job.callback.url.empty()) (body += ",\"callback\":") += to_json(job.callback).dump();
  } catch (const json::exception& error) {
    throw Error("the payload of task '" + job.task + "' is no JSON: " + error.what());
  }
  if (!job.parent_id.empty()) append_member(body += ',', "parent_job_id", job.parent_id);
  if (job.max_attempts) (body += ",\"max_attempts\":") += std::to_string(*job.max_attempts);
  if (job.time_limit) {
    (body += ",\"time_limit_ms\":") += std::to_string(job.time_limit->count());
  }
  return body += '}';
}

ReceivedJob read_job(std::string_view body, EnvelopeReader& envelopes) {
  constexpr const char* kNoObject = "the body is not one JSON object";
  auto envelope = envelopes.extract(body);
  if (!envelope) return {std::nullopt, {}, kNoObject};
  try {
    Members members(envelope->payload);
    Job job{.id = members.text(Members::kJobId, true),
            .task = members.text(Members::kTask, true),
            .payload = members.value(Members::kPayload).value_or(json()),
            .parent_id = members.text(Members::kParentJobId),
            .max_attempts = members.count(Members::kMaxAttempts)};
    if (const auto limit = members.count(Members::kTimeLimit, 0)) {
      job.time_limit = std::chrono::milliseconds(*limit);
    }
    job.callback = read_callback(members);
    job.group = read_group(members);
    if (!members.error().empty()) return {std::nullopt, envelope->context, members.error()};
    return {std::move(job), std::move(envelope->context), {}};
  } catch (const json::exception&) {
    return {std::nullopt, envelope->context, kNoObject};
  }
}

}  // namespace waybill::worker
