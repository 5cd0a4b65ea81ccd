// ContextVar<T>: a typed variable in the ambient context, as Python's contextvars have it.
//
//   const waybill::ContextVar<Tenant> tenant;            // at namespace scope, one per meaning
//
//   auto scope = tenant.set(Tenant{"acme"});             // until the block ends
//   if (const Tenant* t = tenant.get()) ...              // here, and in whatever the context
//   follows
//
// Values travel with the context within the process, through threads and pools and coroutines; they
// are never logged and never leave the process.
#pragma once

#include <cstdint>
#include <utility>

#include <waybill/core/context.h>
#include <waybill/core/scope.h>

namespace waybill {

// A value of any type, counted by references. ContextVar<T> makes and reads them.
class VariableValue {
 public:
  VariableValue() noexcept = default;
  VariableValue(const VariableValue&) = delete;
  VariableValue& operator=(const VariableValue&) = delete;
  virtual ~VariableValue() = default;

  void retain() const noexcept;
  void release() const noexcept;

 private:
  mutable std::uint32_t references_ = 1;
};

namespace detail {
std::uint64_t new_variable_key() noexcept;
}

template <class T>
class ContextVar {
 public:
  ContextVar() noexcept : key_(detail::new_variable_key()) {}
  ContextVar(const ContextVar&) = delete;
  ContextVar& operator=(const ContextVar&) = delete;

  // The value in the ambient context, or in `context`; null where there is none. The pointer is
  // valid while that context, or one derived from it, is alive.
  const T* get() const noexcept { return get(Context::current()); }
  const T* get(const Context& context) const noexcept {
    const VariableValue* value = context.variable(key_);
    return value != nullptr ? &static_cast<const Holder*>(value)->value : nullptr;
  }
  T get_or(T otherwise) const {
    const T* value = get();
    return value != nullptr ? *value : std::move(otherwise);
  }

  // The context with this variable set, or taken out.
  Context set_in(const Context& context, T value) const {
    return context.with_variable(key_, new Holder(std::move(value)));
  }
  Context unset_in(const Context& context) const { return context.with_variable(key_, nullptr); }

  // Sets it in the ambient context until the returned scope ends.
  Scope set(T value) const { return Scope{set_in(Context::current(), std::move(value))}; }

 private:
  struct Holder final : VariableValue {
    explicit Holder(T v) : value(std::move(v)) {}
    const T value;
  };

  std::uint64_t key_;
};

}  // namespace waybill
