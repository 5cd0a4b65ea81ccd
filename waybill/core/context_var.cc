#include <atomic>

#include <waybill/core/context_var.h>
#include <waybill/core/internal/references.h>

namespace waybill {

void VariableValue::retain() const noexcept {
  internal::add_reference(references_);
}

void VariableValue::release() const noexcept {
  if (internal::drop_reference(references_)) delete this;
}

std::uint64_t detail::new_variable_key() noexcept {
  static std::atomic<std::uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace waybill
