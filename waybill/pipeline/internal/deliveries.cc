#include <algorithm>
#include <cstdlib>
#include <thread>

#include <waybill/pipeline/internal/deliveries.h>
#include <waybill/pipeline/internal/engine.h>

namespace waybill {
namespace internal {
namespace {

using std::chrono::steady_clock;

// Before the libraries end that deliveries use: handlers run in the reverse order of their
// registration.
void at_exit() noexcept {
  const auto timeout = Engine::get().options().exit_timeout;
  const auto deadline = steady_clock::now() + timeout;
  Engine::get().flush(timeout);
  Deliveries::get().end(deadline);
}

}  // namespace

Deliveries& Deliveries::get() noexcept {
  static Deliveries& forever = *new Deliveries;
  return forever;
}

void Deliveries::add(detail::Delivery& delivery) {
  Engine::get();  // its handlers of forks are there
  static const bool registered = std::atexit(at_exit) == 0;
  static_cast<void>(registered);
  const std::lock_guard lock(list_);
  entries_.push_back({&delivery, ++last_number_});
}

void Deliveries::remove(detail::Delivery& delivery) noexcept {
  const auto is_it = [&](const Entry& entry) { return entry.delivery == &delivery; };
  for (;;) {
    {
      const std::lock_guard lock(list_);
      const auto found = std::find_if(entries_.begin(), entries_.end(), is_it);
      if (found == entries_.end()) return;
      if (found->calls == 0) {
        entries_.erase(found);
        return;
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Calls without the lock, each delivery in turn.
template <class Call>
void Deliveries::for_each(Call&& call) noexcept {
  std::unique_lock lock(list_);
  std::uint64_t done = last_number_ + 1;
  for (;;) {
    const auto next = std::find_if(entries_.rbegin(), entries_.rend(),
                                   [&](const Entry& entry) { return entry.number < done; });
    if (next == entries_.rend()) return;
    done = next->number;
    ++next->calls;
    detail::Delivery& delivery = *next->delivery;
    lock.unlock();
    call(delivery);
    lock.lock();
    // Still there, as remove() waits; perhaps in another place.
    const auto called = std::find_if(entries_.begin(), entries_.end(),
                                     [&](const Entry& entry) { return entry.number == done; });
    if (called != entries_.end()) --called->calls;
  }
}

void Deliveries::request() noexcept {
  for_each([](detail::Delivery& delivery) { delivery.request_delivery(); });
}

bool Deliveries::wait(steady_clock::time_point deadline) noexcept {
  request();
  bool all = true;
  for_each(
      [&](detail::Delivery& delivery) { all = delivery.wait_until_delivered(deadline) && all; });
  return all;
}

void Deliveries::end(steady_clock::time_point deadline) noexcept {
  request();
  for_each([&](detail::Delivery& delivery) { delivery.end(deadline); });
}

void Deliveries::after_fork_in_child() noexcept {
  list_.unlock();
  for (Entry& entry : entries_) {
    entry.calls = 0;
    entry.delivery->after_fork_in_child();
  }
}

}  // namespace internal

namespace detail {

void add_delivery(Delivery& delivery) {
  internal::Deliveries::get().add(delivery);
}

void remove_delivery(Delivery& delivery) noexcept {
  internal::Deliveries::get().remove(delivery);
}

}  // namespace detail
}  // namespace waybill
