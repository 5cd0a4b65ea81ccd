#include <algorithm>

#include <waybill/core/context_var.h>
#include <waybill/repro/run_scope.h>

namespace waybill {
namespace {

constexpr std::size_t kLongestTraceName = 128;

const ContextVar<ReproContext>& run_variable() noexcept {
  static const ContextVar<ReproContext> variable;
  return variable;
}

bool is_trace_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestTraceName &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

Context run_context(std::string_view run_id) {
  const Context& current = Context::current();
  if (current.has_trace() || !is_trace_name(run_id)) return current.with({{"run_id", run_id}});
  return Context::new_trace({.name = run_id, .baggage = current.baggage()})
      .with(current.fields())
      .with({{"run_id", run_id}});
}

}  // namespace

Scope run_scope(const ReproContext& run) {
  return Scope{run_variable().set_in(run_context(run.run_id), run)};
}

Scope run_scope(std::string_view run_id) {
  return Scope{run_context(run_id)};
}

const ReproContext* current_run() noexcept {
  return run_variable().get();
}

}  // namespace waybill
