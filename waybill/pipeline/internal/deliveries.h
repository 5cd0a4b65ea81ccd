// The deliveries that flush() and the end of the process wait for.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include <waybill/pipeline/delivery.h>

namespace waybill::internal {

class Deliveries {
 public:
  // Lives as long as the process.
  static Deliveries& get() noexcept;

  void add(detail::Delivery& delivery);
  void remove(detail::Delivery& delivery) noexcept;

  // Both request of all of them before they wait for one: what one takes of the time is no other's
  // loss. False when the time was over before each had delivered.
  bool wait(std::chrono::steady_clock::time_point deadline) noexcept;
  void end(std::chrono::steady_clock::time_point deadline) noexcept;

  // A fork finds the list whole; it does not wait for a delivery that is being waited for.
  void before_fork() noexcept { list_.lock(); }
  void after_fork_in_parent() noexcept { list_.unlock(); }
  void after_fork_in_child() noexcept;

 private:
  struct Entry {
    detail::Delivery* delivery;
    std::uint64_t number;  // ascending
    int calls = 0;         // under way
  };
  void request() noexcept;
  // The youngest first.
  template <class Call>
  void for_each(Call&& call) noexcept;

  std::mutex list_;  // held for moments only
  std::vector<Entry> entries_;
  std::uint64_t last_number_ = 0;
};

}  // namespace waybill::internal
