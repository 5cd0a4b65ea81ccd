// RecordedContext: what a record on its way to another thread keeps of a context: a pointer,
// without a reference. Counting one up and down would cost more than the rest of a log call.
//
// A node that has been recorded stays, even when the last context that refers to it is gone: it is
// then retired, and destroyed when whoever consumes records says that none can refer to it any
// more. What was never recorded is destroyed at once, as ever.
//
// For rooms that hand records from thread to thread; programs have no use for it.
#pragma once

#include <atomic>
#include <string_view>

#include <waybill/core/ambient.h>
#include <waybill/core/context.h>

namespace waybill::detail {

class RecordedContext {
 public:
  constexpr RecordedContext() noexcept = default;
  // To be called while the context exists.
  explicit RecordedContext(const Context& context) noexcept
      : RecordedContext(ContextReference::view(context)) {}
  explicit RecordedContext(const ContextNode* node) noexcept : node_(node) {
    if (node == nullptr) return;
    const std::atomic_ref recorded(node->recorded);
    if (!recorded.load(std::memory_order_relaxed)) [[unlikely]] {
      recorded.store(true, std::memory_order_relaxed);
    }
  }

  // One that is kept for as long as it is to be recorded: marked once, so that recording is a copy.
  static RecordedContext of_recorded(const Context& context) noexcept {
    RecordedContext recorded;
    recorded.node_ = ContextReference::view(context);
    return recorded;
  }

  const TraceId& trace_id() const noexcept { return node().trace_id; }
  const SpanId& span_id() const noexcept { return node().span_id; }
  const SpanId& parent_span_id() const noexcept { return node().parent_span_id; }
  TraceFlags flags() const noexcept { return node().flags; }
  std::string_view trace_name() const noexcept;
  std::string_view tracestate() const noexcept;
  Fields fields() const noexcept;

 private:
  const ContextNode& node() const noexcept { return node_ != nullptr ? *node_ : kEmptyNode; }

  const ContextNode* node_ = nullptr;
};

// What has been retired up to now, taken over; destroyed with this. To be destroyed once every
// record that was written before it was taken has been consumed.
class RetiredContexts {
 public:
  RetiredContexts() noexcept = default;
  // Any thread.
  static RetiredContexts take() noexcept;
  // Whether there is something to take.
  static bool any() noexcept;

  RetiredContexts(RetiredContexts&& other) noexcept
      : first_(std::exchange(other.first_, nullptr)) {}
  RetiredContexts& operator=(RetiredContexts&& other) noexcept {
    std::swap(first_, other.first_);
    return *this;
  }
  ~RetiredContexts();

 private:
  const ContextNode* first_ = nullptr;
};

}  // namespace waybill::detail
