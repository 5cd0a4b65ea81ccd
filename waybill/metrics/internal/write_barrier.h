// The full barrier that orders the writes to histograms' cells with whoever takes differences
// (cells.h). It would be most of what a write costs, and so it is there only while differences are
// taken.
//
// A write that has begun looks whether it is to have one. Whoever takes says that it is, and then
// has all threads of the process pass a barrier at once (membarrier(2)). A thread that had begun to
// write before is seen to be writing from then on; one that begins later finds what was said.
// Without that system call, and under ThreadSanitizer, which does not know it, all writes have one.
#pragma once

#include <atomic>

namespace waybill::internal {

extern constinit std::atomic<bool> writes_have_barrier;

// As long as it lives, all writes have a barrier. One at a time.
class [[nodiscard]] TakingDifferences {
 public:
  TakingDifferences() noexcept;
  TakingDifferences(const TakingDifferences&) = delete;
  TakingDifferences& operator=(const TakingDifferences&) = delete;
  ~TakingDifferences();

  // Where it is another thread's, that of the parent.
  static void after_fork_in_child() noexcept;

 private:
  bool may_end_ = false;
};

}  // namespace waybill::internal
