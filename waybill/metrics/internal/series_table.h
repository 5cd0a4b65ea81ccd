// SeriesTable: finds the series of an instrument by the attributes of a measurement.
//
// A hash table with open addressing that is read without a lock: its entries are never changed or
// removed, and it is replaced by a larger one. It knows each series by its canonical attributes,
// and by other spellings of them that have come up, so that a call site's own spelling is found at
// once. Both are limited in number.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

#include <waybill/core/field.h>

namespace waybill::detail {
struct Instrument;
struct Series;
}  // namespace waybill::detail

namespace waybill::internal {

class SeriesTable {
 public:
  // Throws std::bad_alloc. `limit`: of series, with the one for the overflow.
  SeriesTable(detail::Instrument& instrument, std::size_t limit);
  SeriesTable(const SeriesTable&) = delete;
  SeriesTable& operator=(const SeriesTable&) = delete;

  // Makes it where there is none. Thread-safe.
  detail::Series& find(Fields attributes) noexcept;

  // Every series once, in no order. Thread-safe.
  void for_each(const std::function<void(detail::Series&)>& visit) const;

  // In the child of a fork.
  void after_fork_in_child() noexcept { locked_.store(false, std::memory_order_relaxed); }

 private:
  struct Entry;
  struct Table;

  static const Entry* look_up(const Table& table, Fields attributes, std::uint64_t hash) noexcept;
  detail::Series& find_slowly(Fields attributes, std::uint64_t hash);
  static void put(Table& table, const Entry& entry) noexcept;
  void add(Fields spelling, std::uint64_t hash, detail::Series& series, bool canonical);

  detail::Instrument& instrument_;
  const std::size_t limit_;
  std::atomic<Table*> table_;
  detail::Series* overflow_;
  std::size_t series_count_ = 0;  // under the lock
  std::atomic<bool> locked_ = false;
};

}  // namespace waybill::internal
