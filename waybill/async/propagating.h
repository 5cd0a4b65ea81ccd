// propagating(executor): any executor, and what goes through it keeps the context of its caller.
//
//   auto executor = propagating(their_pool);               // refers to their_pool
//   executor.post([&] { log.info("same trace as here"); });
//   auto result = executor.submit(work);                   // what their submit() returns
//
// Has those of the functions below that the wrapped executor has; the first argument is the
// function, the others are passed on as they are. For an executor with a function of another name
// or form, wrap the argument itself in bind().
#pragma once

#include <type_traits>
#include <utility>

#include <waybill/core/bind.h>

namespace waybill {

// As copyable and as thread-safe as E. E is a reference where the executor is somebody else's.
template <class E>
class Propagating {
  template <class F>
  using Carrier = Bound<std::decay_t<F>>;

 public:
  explicit Propagating(E&& inner) : inner_(std::forward<E>(inner)) {}

  auto& inner() const noexcept { return inner_; }

  template <class F, class... Args>
    requires requires(const Propagating& self, Carrier<F> carrier, Args&&... args) {
      self.inner_.post(std::move(carrier), std::forward<Args>(args)...);
    }
  decltype(auto) post(F&& function, Args&&... args) const {
    return inner_.post(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
  }

  template <class F, class... Args>
    requires requires(const Propagating& self, Carrier<F> carrier, Args&&... args) {
      self.inner_.submit(std::move(carrier), std::forward<Args>(args)...);
    }
  decltype(auto) submit(F&& function, Args&&... args) const {
    return inner_.submit(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
  }

  template <class F, class... Args>
    requires requires(const Propagating& self, Carrier<F> carrier, Args&&... args) {
      self.inner_.execute(std::move(carrier), std::forward<Args>(args)...);
    }
  decltype(auto) execute(F&& function, Args&&... args) const {
    return inner_.execute(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
  }

  template <class F, class... Args>
    requires requires(const Propagating& self, Carrier<F> carrier, Args&&... args) {
      self.inner_.dispatch(std::move(carrier), std::forward<Args>(args)...);
    }
  decltype(auto) dispatch(F&& function, Args&&... args) const {
    return inner_.dispatch(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
  }

  template <class F, class... Args>
    requires requires(const Propagating& self, Carrier<F> carrier, Args&&... args) {
      self.inner_.defer(std::move(carrier), std::forward<Args>(args)...);
    }
  decltype(auto) defer(F&& function, Args&&... args) const {
    return inner_.defer(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
  }

  template <class F, class... Args>
    requires requires(const Propagating& self, Carrier<F> carrier, Args&&... args) {
      self.inner_.enqueue(std::move(carrier), std::forward<Args>(args)...);
    }
  decltype(auto) enqueue(F&& function, Args&&... args) const {
    return inner_.enqueue(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
  }

  template <class F, class... Args>
    requires requires(const Propagating& self, Carrier<F> carrier, Args&&... args) {
      self.inner_.add(std::move(carrier), std::forward<Args>(args)...);
    }
  decltype(auto) add(F&& function, Args&&... args) const {
    return inner_.add(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
  }

  template <class F, class... Args>
    requires requires(const Propagating& self, Carrier<F> carrier, Args&&... args) {
      self.inner_(std::move(carrier), std::forward<Args>(args)...);
    }
  decltype(auto) operator()(F&& function, Args&&... args) const {
    return inner_(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
  }

 private:
  E inner_;
};

// A variable is referred to and has to outlive the wrapper; a temporary is moved in and used as a
// const one.
template <class E>
[[nodiscard]] Propagating<E> propagating(E&& executor) {
  return Propagating<E>(std::forward<E>(executor));
}

}  // namespace waybill
