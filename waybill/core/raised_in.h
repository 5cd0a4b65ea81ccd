// RaisedIn: the base of errors that know the context in which they were raised, and where.
//
// waybill::Error is one; waybill::WithContext<Base> makes one of a class of the program's own, and
// Contextual<E> of an error that is returned (both in the error room). The logger prints what such
// an error knows wherever it is logged.
//
//   catch (const waybill::Error& error) {
//     error.raised_in().trace_id();          // of where it was thrown, not of where we are now
//   }
//
// The context is taken when the error is made: one that is kept and thrown later says where it was
// made. Copies say the same. It is kept alive by the error and travels with it through
// std::exception_ptr to any thread.
#pragma once

#include <atomic>
#include <exception>
#include <source_location>

#include <waybill/core/context.h>

namespace waybill {

class RaisedIn {
 public:
  // Empty where nothing was known. The reference is good as long as the error is.
  const Context& raised_in() const noexcept {
    const Completion* last = completion_.load(std::memory_order_acquire);
    return last != nullptr ? last->context : raised_in_;
  }
  // line() is 0 where it is not known.
  const std::source_location& raised_at() const noexcept { return raised_at_; }

  // Adds what raised_in() does not say and `around` does: fields, and the trace where it has none.
  // Nothing that it says is replaced. Any thread, at the same time as whatever else is done with
  // the error but assignment and destruction; without memory, nothing is added.
  void complete(const Context& around) const noexcept;

 protected:
  // In the ambient context.
  explicit RaisedIn(const std::source_location& where = {}) noexcept;
  explicit RaisedIn(Context context, const std::source_location& where = {}) noexcept
      : raised_in_(std::move(context)), raised_at_(where) {}
  RaisedIn(const RaisedIn& other) noexcept
      : raised_in_(other.raised_in()), raised_at_(other.raised_at_) {}
  RaisedIn& operator=(const RaisedIn& other) noexcept;
  virtual ~RaisedIn();

 private:
  // What complete() has made of it, the last first. Those before stay, as somebody may refer to
  // them.
  struct Completion {
    Context context;
    const Completion* previous;
  };
  void forget_completions() noexcept;

  Context raised_in_;
  std::source_location raised_at_;
  mutable std::atomic<const Completion*> completion_ = nullptr;
};

// What is put around an error that knows nothing of contexts: the one in which it was caught, and
// as nested exception the error itself, which must be the current exception when this is made. It
// is no error of its own: ErrorChain passes over it. See enrich() in the error room.
class Enrichment : public RaisedIn, public std::nested_exception {
 public:
  ~Enrichment() override;

 protected:
  explicit Enrichment(const Context& context) noexcept : RaisedIn(context) {}
  Enrichment(const Enrichment&) noexcept = default;
  Enrichment& operator=(const Enrichment&) noexcept = default;
};

// What is known of an error that was raised in `raised` and passed through `around`: `raised`, and
// what `around` alone has. Throws std::bad_alloc.
Context completed(const Context& raised, const Context& around);

}  // namespace waybill
