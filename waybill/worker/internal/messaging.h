// What spans and fields of jobs are called.
#pragma once

#include <string_view>

#include <waybill/trace/tracer.h>

namespace waybill::worker::internal {

inline constexpr std::string_view kJobId = "job_id";
inline constexpr std::string_view kTaskName = "task_name";
inline constexpr std::string_view kAttempt = "attempt";
inline constexpr std::string_view kParentJobId = "parent_job_id";

inline const Tracer& tracer() {
  static const Tracer worker("waybill.worker");
  return worker;
}

}  // namespace waybill::worker::internal
