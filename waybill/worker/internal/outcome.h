// How an attempt ended.
#pragma once

#include <chrono>
#include <exception>
#include <string>

#include <waybill/worker/job.h>

namespace waybill::worker::internal {

struct Outcome {
  enum class Kind { kSuccess, kRetry, kGiveUp, kHandBack };

  Kind kind = Kind::kSuccess;
  json result = {};                    // kSuccess
  std::exception_ptr error = nullptr;  // else
  std::string reason = {};             // the error as a text
  std::chrono::milliseconds delay{0};  // kRetry
};

struct JobInHand;

// What follows from an exception of this attempt, by the task's policy and what was thrown.
Outcome outcome_of(std::exception_ptr error, const JobInHand& job);

}  // namespace waybill::worker::internal
