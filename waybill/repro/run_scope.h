// run_scope(): makes a run the ambient one until the block ends.
//
//   const auto scope = waybill::run_scope(run);
//   log.info("started");                       // has run_id,
//   fetch_prices();                            // and so has what is called, spawned or sent
//
// The field run_id is added to the current context. Where there is no trace, one begins whose name
// is the run_id: all of the run's lines and spans are found by it, in every process. The fields and
// baggage of the context before go on in it; context variables that were set outside of any trace
// do not: set them below the run's scope.
#pragma once

#include <string_view>

#include <waybill/core/scope.h>
#include <waybill/repro/repro_context.h>

namespace waybill {

[[nodiscard]] Scope run_scope(const ReproContext& run);
// Where another process has begun the run. Of an id that is no trace name (visible ASCII, at most
// 128) only the field is made.
[[nodiscard]] Scope run_scope(std::string_view run_id);

// The run whose scope the code is in, in whatever thread, task or coroutine the context has come
// to; null where there is none, or it is known by its id alone. Valid while that context is
// current.
const ReproContext* current_run() noexcept;

}  // namespace waybill
