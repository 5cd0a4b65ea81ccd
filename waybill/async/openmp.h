// OpenMpRegion: the context of the code that meets an OpenMP region, for the threads that run it.
//
//   const waybill::OpenMpRegion region;          // before the pragma
//   #pragma omp parallel
//   {
//     const auto here = region.enter();          // first in each thread
//     #pragma omp for
//     for (int i = 0; i < n; ++i) log.info("same trace as outside");
//   }
//
// In a combined `parallel for`, and in a `task`, enter() stands first in the loop's body or the
// task's. OpenMP's threads have no context of their own; without enter(), all but the one that met
// the region have none. The header does not need -fopenmp.
#pragma once

#include <waybill/core/ambient.h>

namespace waybill {

// Any thread may call enter() at any time while the region object is there: a task that outlives
// the block needs a copy of it (firstprivate).
class OpenMpRegion {
 public:
  OpenMpRegion() noexcept : capture_(detail::capture_ambient()) {}

  // Until the returned object's block ends, the context is the region's.
  [[nodiscard]] detail::AmbientBracket enter() const noexcept {
    return detail::AmbientBracket(detail::AmbientCapture(capture_));
  }

 private:
  detail::AmbientCapture capture_;
};

}  // namespace waybill
