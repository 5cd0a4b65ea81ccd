// The calling thread's ring: made with its first record, given up when the thread ends.
#pragma once

namespace waybill::internal {

// Before there is a ring: prepares for the ends of threads.
void prepare_thread_rings() noexcept;

// Has the next record of this thread see how the pipeline is set up now.
void reconsider_thread_ring() noexcept;

// In the child of a fork, whose rings are gone.
void forget_thread_ring() noexcept;

}  // namespace waybill::internal
