#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <utility>

#include <waybill/propagation/internal/carried_baggage.h>
#include <waybill/propagation/internal/context_writer.h>
#include <waybill/propagation/internal/format_names.h>
#include <waybill/propagation/internal/propagator_plan.h>
#include <waybill/propagation/internal/trace_reader.h>
#include <waybill/propagation/propagator.h>

namespace waybill {
namespace {

constexpr const char* kVariable = "OTEL_PROPAGATORS";

std::string_view variable() noexcept {
  const char* const value = std::getenv(kVariable);
  return value != nullptr ? value : "";
}

// For a process that never said what it wants, and cannot be told by an exception.
Propagator environment_or_default() {
  PropagatorOptions options;
  if (!variable().empty()) {
    internal::FormatNames read = internal::read_format_names(variable());
    for (const std::string& name : read.unknown) {
      std::fprintf(stderr, "waybill: %s: '%s' is not known and left out; there are: %s\n",
                   kVariable, name.c_str(), internal::known_format_names().c_str());
    }
    options.formats = read.formats;
  }
  return Propagator(std::move(options));
}

// Those that have been the default are kept: somebody may be using them still.
struct Default {
  explicit Default(Propagator given, const Default* before)
      : propagator(std::move(given)), former(before) {}
  Propagator propagator;
  const Default* former;
};
std::atomic<const Default*> current_default{nullptr};
std::mutex default_mutex;

// What is known of the sender where there is no trace.
Context context_without_trace(const TraceOptions& known) {
  Context context;
  if (!known.baggage.empty()) context = context.with_baggage(known.baggage);
  const Sampling decision = known.sampling.value_or(Sampling::kUndecided);
  return decision == Sampling::kUndecided ? context : context.with_sampling(decision);
}

Context context_of(const internal::RemoteTrace& remote) {
  if (!remote.has_trace()) return context_without_trace(remote.options);
  TraceOptions options = remote.options;
  options.is_remote = true;
  return Context::new_trace(options);
}

}  // namespace

Propagator::Propagator() : Propagator(PropagatorOptions{}) {}

Propagator::Propagator(PropagatorOptions options)
    : plan_(std::make_shared<const internal::PropagatorPlan>(std::move(options))) {}

Propagator Propagator::from_environment() {
  if (variable().empty()) return Propagator();
  return Propagator({.formats = FormatList::parse(variable(), kVariable)});
}

const PropagatorOptions& Propagator::options() const noexcept {
  return plan_->options;
}

void Propagator::inject(const Context& context, Carrier& carrier,
                        const InjectOptions& options) const {
  internal::ContextWriter(*plan_, context, carrier).write(options.trusted);
}

void Propagator::inject_response(const Context& context, Carrier& carrier) const {
  internal::ContextWriter(*plan_, context, carrier).write_response();
}

Context Propagator::extract(const Carrier& carrier, const ExtractOptions& options) const {
  HeaderLookup headers(plan_->table);
  if (!carrier.offer_all(headers)) headers.ask(carrier);
  if (!headers.has_any()) return {};

  internal::TraceReader reader(*plan_, headers);
  internal::RemoteTrace remote;
  reader.read(remote);
  if (!options.trusted) return context_of(remote);

  std::string storage;
  remote.options.baggage = internal::read_carried_baggage(headers, remote.lineage, storage);
  const Context context = context_of(remote);
  return context.baggage().empty() ? context : internal::with_travelled_fields(*plan_, context);
}

const Propagator& default_propagator() {
  if (const Default* set = current_default.load(std::memory_order_acquire)) return set->propagator;
  const std::lock_guard lock(default_mutex);
  if (const Default* set = current_default.load(std::memory_order_acquire)) return set->propagator;
  const auto* made = new Default(environment_or_default(), nullptr);
  current_default.store(made, std::memory_order_release);
  return made->propagator;
}

void set_default_propagator(Propagator propagator) {
  const std::lock_guard lock(default_mutex);
  const Default* former = current_default.load(std::memory_order_acquire);
  current_default.store(new Default(std::move(propagator), former), std::memory_order_release);
}

}  // namespace waybill
