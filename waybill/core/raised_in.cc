#include <memory>
#include <new>
#include <utility>
#include <vector>

#include <waybill/core/raised_in.h>
#include <waybill/core/scope.h>

namespace waybill {

RaisedIn::RaisedIn(const std::source_location& where) noexcept
    : raised_in_(capture()), raised_at_(where) {}

RaisedIn& RaisedIn::operator=(const RaisedIn& other) noexcept {
  if (this == &other) return *this;
  raised_in_ = other.raised_in();
  raised_at_ = other.raised_at_;
  forget_completions();
  return *this;
}

RaisedIn::~RaisedIn() {
  forget_completions();
}

Enrichment::~Enrichment() = default;

void RaisedIn::forget_completions() noexcept {
  const Completion* last = completion_.exchange(nullptr, std::memory_order_acquire);
  while (last != nullptr) delete std::exchange(last, last->previous);
}

void RaisedIn::complete(const Context& around) const noexcept {
  try {
    auto next = std::make_unique<Completion>();
    next->previous = completion_.load(std::memory_order_acquire);
    do {
      const Context& before = next->previous != nullptr ? next->previous->context : raised_in_;
      next->context = completed(before, around);
      if (next->context == before) return;
    } while (!completion_.compare_exchange_weak(
        next->previous, next.get(), std::memory_order_acq_rel, std::memory_order_acquire));
    (void)next.release();            // the error's now
  } catch (const std::bad_alloc&) {  // the error stays as it is
  }
}

Context completed(const Context& raised, const Context& around) {
  if (raised == around || around.empty()) return raised;
  if (raised.empty()) return around;
  if (!raised.has_trace() && around.has_trace()) return around.with(raised.fields());
  std::vector<Field> missing;
  for (const Field& field : around.fields()) {
    if (raised.fields().find(field.key) == nullptr) missing.push_back(field);
  }
  return raised.with(Fields(missing.data(), missing.size()));
}

}  // namespace waybill
