// PoolJob: a piece of work in a pool's queue, which brings the memory that Asio needs to queue it,
// so that a task is one allocation, and a coroutine that moves to the pool is none.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <new>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <waybill/async/detail/backlog.h>
#include <waybill/async/detail/future_state.h>
#include <waybill/core/ambient.h>

namespace waybill::detail {

// Holds one block at a time; what does not fit comes from the heap.
class QueueSpace {
 public:
  void* allocate(std::size_t size) {
    return size <= sizeof space_ ? static_cast<void*>(space_) : ::operator new(size);
  }
  void deallocate(void* block) const noexcept {
    if (block != space_) ::operator delete(block);
  }

 private:
  // Asio's 1.81 needs 48 bytes, and with handler tracking some words more.
  alignas(std::max_align_t) std::byte space_[80];
};

template <class T>
class QueueAllocator {
 public:
  using value_type = T;

  explicit QueueAllocator(QueueSpace& space) noexcept : space_(&space) {}
  template <class U>
  QueueAllocator(const QueueAllocator<U>& other) noexcept : space_(other.space_) {}

  T* allocate(std::size_t n) { return static_cast<T*>(space_->allocate(n * sizeof(T))); }
  void deallocate(T* block, std::size_t) const noexcept { space_->deallocate(block); }

  template <class U>
  bool operator==(const QueueAllocator<U>& other) const noexcept {
    return space_ == other.space_;
  }

 private:
  template <class>
  friend class QueueAllocator;

  QueueSpace* space_;
};

// Is run or abandoned, once, and sees to its own end in both.
class PoolJob {
 public:
  PoolJob() noexcept = default;
  PoolJob(const PoolJob&) = delete;
  PoolJob& operator=(const PoolJob&) = delete;

  virtual void run() noexcept = 0;
  // It will not be run.
  virtual void abandon() noexcept = 0;

  QueueSpace& space() noexcept { return space_; }

 protected:
  ~PoolJob() = default;

 private:
  QueueSpace space_;
};

// What Asio calls. `counted_in` may be null.
class QueuedJob {
 public:
  QueuedJob(PoolJob& job, Backlog* counted_in) noexcept : job_(&job), backlog_(counted_in) {}
  QueuedJob(QueuedJob&& other) noexcept
      : job_(std::exchange(other.job_, nullptr)), backlog_(other.backlog_) {}
  QueuedJob& operator=(QueuedJob&&) = delete;
  ~QueuedJob() {
    if (job_ == nullptr) return;
    if (backlog_ != nullptr) backlog_->leave();
    job_->abandon();
  }

  void operator()() noexcept {
    if (backlog_ != nullptr) backlog_->leave();
    std::exchange(job_, nullptr)->run();
  }

 private:
  PoolJob* job_;
  Backlog* backlog_;
};

// A call whose function and arguments are kept until it is made, under the context of its making;
// they are destroyed under it too.
template <class F, class... Args>
class KeptCall {
 public:
  using Result = std::invoke_result_t<F, Args...>;

  template <class... Given>
  explicit KeptCall(Given&&... given)
      : parts_(std::in_place, std::forward<Given>(given)...), capture_(capture_ambient()) {}

  // Once.
  template <class Into>
  void call(Into&& into) noexcept {
    const AmbientBracket bracket(std::move(capture_));
    into([&]() -> Result {
      return std::apply(
          [](F& function, Args&... args) -> Result {
            return std::invoke(std::move(function), std::move(args)...);
          },
          *parts_);
    });
    parts_.reset();
  }

 private:
  std::optional<std::tuple<F, Args...>> parts_;
  AmbientCapture capture_;
};

// A call with a future.
template <class F, class... Args>
class SubmittedJob final : public PoolJob, public FutureState<std::invoke_result_t<F, Args...>> {
 public:
  using Result = std::invoke_result_t<F, Args...>;

  template <class... Given>
  explicit SubmittedJob(Given&&... given) : call_(std::forward<Given>(given)...) {}

  void run() noexcept override {
    call_.call([this](auto&& make) { this->set_result_of(make); });
    end();
  }
  void abandon() noexcept override {
    this->set_exception(
        std::make_exception_ptr(std::future_error(std::future_errc::broken_promise)));
    end();
  }

 private:
  void end() noexcept {
    this->set_ready();
    this->release();
  }

  KeptCall<F, Args...> call_;
};

}  // namespace waybill::detail
