// The task that makes callbacks, and the jobs for it.
#pragma once

#include <waybill/worker/callback.h>
#include <waybill/worker/internal/job_in_hand.h>
#include <waybill/worker/internal/outcome.h>
#include <waybill/worker/registry.h>
#include <waybill/worker/task_manager.h>

namespace waybill::worker::internal {

void add_callback_task(Registry& registry, const CallbackOptions& options);

// Creates the job where the job's creator wants to be told of such an outcome. Throws
// waybill::Error when the queue's storage fails.
void create_callback(TaskManager& tasks, const JobInHand& job, const Outcome& outcome);

}  // namespace waybill::worker::internal
