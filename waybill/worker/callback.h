// Callbacks: an HTTP POST that tells how a job went.
//
//   POST /done                                        to Callback::url
//   Content-Type: application/json
//   traceparent, tracestate, X-Trace-ID               as any call of http::Client
//   X-Waybill-Timestamp: 1774051200                   seconds since 1970
//   X-Waybill-Signature: sha256=<64 hex digits>       where there is a secret
//
//   {"event":"success","job_id":"...","task_name":"charge","attempt":1,"max_attempts":5,
//    "trace_id":"...","account_id":"...",              and what other fields the job has
//    "result":{...}}                                   or "error":"why it failed"
//
// The signature is the HMAC-SHA256 (RFC 2104) of "<timestamp>.<body>" with the secret. A receiver
// computes it again, compares, and refuses timestamps that are older than it likes.
//
// A callback is a job itself, in the queue of the one that it tells of: it survives a crash, is
// tried again by a policy of its own, and ends among the dead letters if nobody ever takes it. It
// may arrive more than once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <waybill/worker/job.h>
#include <waybill/worker/retry_policy.h>

namespace waybill::worker {

// The name of the task; a registry must not have another of it.
inline constexpr std::string_view kCallbackTask = "waybill.callback";

struct CallbackOptions {
  // What callbacks are signed with; empty: they are not.
  std::string secret = {};
  // Whom callbacks may go to. Jobs name whom they like, and so does whoever can write to the queue:
  // where that is not only one's own, refuse what is not meant to be called. Thread-safe. Left out:
  // anybody.
  std::function<bool(std::string_view url)> is_allowed = {};
  // Of one call.
  std::chrono::milliseconds timeout{10'000};
  // An answer of 408, 429 or 5xx, or none, is worth another attempt; other answers beyond 299 are
  // not.
  RetryPolicy retry = {.max_attempts = 8};
};

// "sha256=" and 64 lowercase hex digits.
std::string sign_callback(std::string_view secret, std::string_view timestamp,
                          std::string_view body);

// Whether this is the signature, and `timestamp` within `tolerance` of now. For receivers in C++;
// takes the same time whatever of the signature is wrong.
bool is_callback_signature(std::string_view secret, std::string_view timestamp,
                           std::string_view body, std::string_view signature,
                           std::chrono::seconds tolerance = std::chrono::minutes(5)) noexcept;

}  // namespace waybill::worker
