// Which fields of a context a record takes along through spdlog's queue: those that some pattern
// prints, or that somebody asked for. Ids go always.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::spdlog_bridge {
namespace detail {

// Immutable once it is to be seen. A program has as many of them as it has told apart sets of
// names; none is freed, for a record may be on its way under it.
struct WantedFields {
  bool all = false;
  std::vector<std::string> names;
  const WantedFields* before = nullptr;

  bool contains(std::string_view name) const noexcept {
    return all || std::find(names.begin(), names.end(), name) != names.end();
  }
};

inline constinit std::atomic<const WantedFields*> g_wanted_fields = nullptr;
inline std::mutex g_wanted_fields_change;

template <class Change>
void change_wanted_fields(Change change) {
  const std::lock_guard lock(g_wanted_fields_change);
  const WantedFields* now = g_wanted_fields.load(std::memory_order_relaxed);
  auto next =
      now != nullptr ? std::make_unique<WantedFields>(*now) : std::make_unique<WantedFields>();
  next->before = now;
  if (change(*next)) g_wanted_fields.store(next.release(), std::memory_order_release);
}

}  // namespace detail

// For sinks and formatters of one's own that read fields of record_context(): from now on, records
// of asynchronous loggers take this field along, or all fields of their context, up to a mebibyte.
// Patterns of this bridge see to it themselves. Thread-safe; for the whole process.
inline void want_field(std::string_view name) {
  detail::change_wanted_fields([name](detail::WantedFields& wanted) {
    const auto& names = wanted.names;
    if (std::find(names.begin(), names.end(), name) != names.end()) return false;
    wanted.names.emplace_back(name);
    return true;
  });
}

inline void want_all_fields() {
  detail::change_wanted_fields(
      [](detail::WantedFields& wanted) { return !std::exchange(wanted.all, true); });
}

}  // namespace waybill::spdlog_bridge
