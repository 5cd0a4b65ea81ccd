// How a coroutine that is suspended hands over to another one without using stack: by symmetric
// transfer, a tail call, where the compiler makes one.
//
// GCC makes none in builds with AddressSanitizer or ThreadSanitizer, where a long chain of
// transfers would run out of stack; there, a loop at the bottom of the chain resumes one after the
// other. (Nor does it without optimisation, but targets of one program may differ in that, and may
// not in this.)
#pragma once

#include <coroutine>
#include <utility>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WAYBILL_TRANSFER_BY_LOOP 1
#else
#define WAYBILL_TRANSFER_BY_LOOP 0
#endif

namespace waybill::detail {

#if WAYBILL_TRANSFER_BY_LOOP

// What await_suspend returns who transfers.
using Transfer = void;

struct TransferLoop {
  std::coroutine_handle<> running;  // what the loop has resumed
  std::coroutine_handle<> next;
  static TransferLoop*& on_this_thread() noexcept {
    static thread_local TransferLoop* loop = nullptr;
    return loop;
  }
};

inline void transfer(std::coroutine_handle<> from, std::coroutine_handle<> to) {
  TransferLoop*& current = TransferLoop::on_this_thread();
  // Not just any loop further down: something else may have resumed `from` in between, and waits.
  if (current != nullptr && current->running == from) {
    current->next = to;
    return;
  }
  TransferLoop loop{.running = nullptr, .next = to};
  TransferLoop* below = std::exchange(current, &loop);
  while (loop.next != nullptr) {
    loop.running = std::exchange(loop.next, nullptr);
    loop.running.resume();
  }
  TransferLoop::on_this_thread() = below;
}

#else

using Transfer = std::coroutine_handle<>;

inline Transfer transfer(std::coroutine_handle<>, std::coroutine_handle<> to) noexcept {
  return to;
}

#endif

}  // namespace waybill::detail
