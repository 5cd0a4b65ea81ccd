// What follows when the parts of a group have ended.
#pragma once

#include <waybill/worker/internal/job_in_hand.h>
#include <waybill/worker/internal/outcome.h>
#include <waybill/worker/task_manager.h>

namespace waybill::worker::internal {

// Notes how a part of a group has ended, unless it is to be tried again, and creates the task that
// follows where it was the last. Throws waybill::Error when the queue's storage fails.
void arrive_at_group(TaskManager& tasks, const JobInHand& job, const Outcome& outcome);

}  // namespace waybill::worker::internal
