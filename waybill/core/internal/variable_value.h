// Owns one reference to a VariableValue.
#pragma once

#include <utility>

#include <waybill/core/context_var.h>

namespace waybill::detail {

class VariableReference {
 public:
  explicit VariableReference(const VariableValue* adopted) noexcept : value_(adopted) {}
  VariableReference(const VariableReference& other) noexcept : value_(other.value_) {
    if (value_ != nullptr) value_->retain();
  }
  VariableReference(VariableReference&& other) noexcept
      : value_(std::exchange(other.value_, nullptr)) {}
  VariableReference& operator=(VariableReference other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~VariableReference() {
    if (value_ != nullptr) value_->release();
  }

  const VariableValue* get() const noexcept { return value_; }

 private:
  const VariableValue* value_;
};

}  // namespace waybill::detail
