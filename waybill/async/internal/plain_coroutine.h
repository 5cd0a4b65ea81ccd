// For tests: a coroutine type that knows nothing of contexts. It begins at once, and its frame goes
// with its end.
#pragma once

#include <coroutine>
#include <exception>

namespace waybill::internal {

struct PlainCoroutine {
  struct promise_type {
    PlainCoroutine get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };

  // Valid while the coroutine is suspended.
  std::coroutine_handle<> handle;
};

}  // namespace waybill::internal
