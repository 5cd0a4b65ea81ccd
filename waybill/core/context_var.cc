#include <atomic>

#include <waybill/core/context_var.h>

namespace waybill {

void VariableValue::retain() const noexcept {
  std::atomic_ref(references_).fetch_add(1, std::memory_order_relaxed);
}

void VariableValue::release() const noexcept {
  if (std::atomic_ref(references_).fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

std::uint64_t detail::new_variable_key() noexcept {
  static std::atomic<std::uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace waybill
