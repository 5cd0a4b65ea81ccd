#include <atomic>

#include <waybill/core/internal/context_data.h>
#include <waybill/core/internal/retirement.h>
#include <waybill/core/recorded_context.h>

namespace waybill {
namespace internal {
namespace {

// A stack that is pushed to by many and taken as a whole by one.
constinit std::atomic<const detail::ContextNode*> retired = nullptr;

}  // namespace

void retire(const detail::ContextNode* node) noexcept {
  node->next_retired = retired.load(std::memory_order_relaxed);
  while (!retired.compare_exchange_weak(node->next_retired, node, std::memory_order_release,
                                        std::memory_order_relaxed)) {
  }
}

}  // namespace internal

namespace detail {

std::string_view RecordedContext::trace_name() const noexcept {
  return node().data != nullptr ? node().data->texts.trace_name : std::string_view{};
}

std::string_view RecordedContext::tracestate() const noexcept {
  return node().data != nullptr ? node().data->texts.tracestate : std::string_view{};
}

Fields RecordedContext::fields() const noexcept {
  return node().data != nullptr ? node().data->fields : Fields{};
}

RetiredContexts RetiredContexts::take() noexcept {
  RetiredContexts taken;
  taken.first_ = internal::retired.exchange(nullptr, std::memory_order_acquire);
  return taken;
}

bool RetiredContexts::any() noexcept {
  return internal::retired.load(std::memory_order_relaxed) != nullptr;
}

RetiredContexts::~RetiredContexts() {
  while (first_ != nullptr) destroy_now(std::exchange(first_, first_->next_retired));
}

}  // namespace detail
}  // namespace waybill
