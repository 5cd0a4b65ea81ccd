// Job: a task to be done, as it travels in a queue.
//
// Its message's body is a JSON object, which programs in any language can write and read:
//
//   {"_trace":{...},                         the context of who created it (propagation/envelope.h)
//    "task":"charge", "job_id":"9f8c2c5e1a77b0d4", "payload":{"cents":1200},
//    "max_attempts":5, "time_limit_ms":30000,                               where said
//    "callback":{"url":"http://shop/done","on":["success","final_failure"]},  where wanted
//    "parent_job_id":"...",                                                 of a child
//    "group":{"id":"...","index":0,"total":3,"then":{"task":"sum","payload":{}}}}  of several
//
// Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <waybill/core/context.h>
#include <waybill/propagation/envelope.h>

namespace waybill::worker {

using json = nlohmann::json;

// Whom to tell how a job went; see callback.h.
struct Callback {
  std::string url;  // empty: nobody
  bool on_success = true;
  bool on_failure = false;       // each time that an attempt fails and another one follows
  bool on_final_failure = true;  // when none follows

  bool operator==(const Callback&) const = default;
};

// What a job is a part of: when all parts have ended, a task follows.
struct Group {
  std::string id;
  std::uint32_t index = 0;
  std::uint32_t total = 1;
  std::string then_task;
  json then_payload = json::object();
};

struct Job {
  std::string id;
  std::string task;
  json payload;
  std::string parent_id = {};
  // Left out: as the worker's retry policy and the task's options have it.
  std::optional<std::uint32_t> max_attempts = std::nullopt;
  std::optional<std::chrono::milliseconds> time_limit = std::nullopt;
  Callback callback = {};
  std::optional<Group> group = std::nullopt;
};

// The body of its message; `trace` is what envelope_member() says of the context. Throws
// waybill::Error for a payload that is no JSON: a text in it that is not UTF-8.
std::string to_body(const Job& job, std::string_view trace);

// What a message holds. Without a job: `error` says what is wrong with it.
struct ReceivedJob {
  std::optional<Job> job;
  // Of who created it; empty where the body tells of none.
  Context context;
  std::string error;
};
ReceivedJob read_job(std::string_view body, EnvelopeReader& envelopes);

}  // namespace waybill::worker
