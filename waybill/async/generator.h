// generator<T>: a coroutine that yields values to a loop, each of the two under its own context.
//
//   generator<Row> rows(Query query) {
//     Scope scope{Context::current().with({{"query_id", query.id}})};
//     while (auto row = query.next()) co_yield std::move(*row);     // logs of next() have query_id
//   }
//   for (Row& row : rows(query)) handle(row);                       // those of handle() do not
//
// The generator runs under the context in which it was called. The loop may change its own between
// values, or stop early; neither meets the other's.
//
// Values are handed over by reference and may be moved from; a reference is good until the next
// step. An exception in the generator comes out of the step that met it. For one thread at a time.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

#include <waybill/async/context_promise.h>

namespace waybill {

template <class T>
class [[nodiscard]] generator {
  using Value = std::remove_cvref_t<T>;
  using Reference = std::conditional_t<std::is_reference_v<T>, T, T&>;

 public:
  class promise_type final : public ContextPromise<> {
   public:
    generator get_return_object() noexcept {
      return generator(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    // A temporary lives until the co_yield is over, which is when the generator goes on.
    auto yield_value(std::remove_reference_t<Reference>& value) {
      value_ = std::addressof(value);
      return follow_own(std::suspend_always());
    }
    auto yield_value(std::remove_reference_t<Reference>&& value)
      requires(!std::is_reference_v<T>)
    {
      value_ = std::addressof(value);
      return follow_own(std::suspend_always());
    }
    // What is constant is copied, as the loop may change what it gets.
    auto yield_value(const Value& value)
      requires(!std::is_reference_v<T> && !std::is_const_v<T>)
    {
      return follow_own(YieldCopy{value, &value_});
    }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { error_ = std::current_exception(); }
    template <class Awaitable>
    void await_transform(Awaitable&&) = delete;  // a generator does not wait; a task does

   private:
    friend class generator;
    struct YieldCopy {
      Value copy;
      Value** out;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) noexcept { *out = std::addressof(copy); }
      void await_resume() const noexcept {}
    };
    std::remove_reference_t<Reference>* value_ = nullptr;
    std::exception_ptr error_;
  };

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;

    iterator() noexcept = default;
    Reference operator*() const noexcept {
      return static_cast<Reference>(*handle_.promise().value_);
    }
    iterator& operator++() {
      step(handle_);
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& it, std::default_sentinel_t) noexcept {
      return it.handle_.done();
    }

   private:
    friend class generator;
    explicit iterator(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
    std::coroutine_handle<promise_type> handle_;
  };

  generator(generator&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  generator& operator=(generator&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~generator() {
    if (handle_ != nullptr) handle_.destroy();
  }

  // Runs to the first value. Called once.
  iterator begin() {
    step(handle_);
    return iterator(handle_);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  explicit generator(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}

  static void step(std::coroutine_handle<promise_type> handle) {
    handle.resume();
    if (handle.promise().error_ != nullptr) {
      std::rethrow_exception(std::exchange(handle.promise().error_, nullptr));
    }
  }

  std::coroutine_handle<promise_type> handle_;
};

}  // namespace waybill
