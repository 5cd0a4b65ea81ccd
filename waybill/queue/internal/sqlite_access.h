// SqliteAccess: one named queue in a file, which a SqliteQueue and its deliveries share; and what
// becomes of SQLite's failures there.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include <waybill/queue/internal/sqlite_store.h>
#include <waybill/queue/lease.h>

namespace waybill::queue::internal {

class SqliteAccess {
 public:
  SqliteAccess(const std::string& file, const std::string& queue_name,
               std::chrono::milliseconds busy_timeout, bool create)
      : name_("queue '" + queue_name + "' in '" + file + "'") {
    if (!create && !std::filesystem::exists(file))
      throw Error("there is no queue file '" + file + "'");
    store_ = SqliteStore::open(file, busy_timeout);
    const auto number =
        call("cannot be opened", [&] { return store_->queue_number(queue_name, create); });
    if (!number) throw Error("there is no " + name_);
    queue_ = *number;
  }

  SqliteStore& store() const noexcept { return *store_; }
  // What the store knows the queue by.
  std::int64_t queue() const noexcept { return queue_; }
  std::uint64_t failed_settlements() const noexcept {
    return failed_settlements_.load(std::memory_order_relaxed);
  }

  // Returns what `function` does. A failure of SQLite becomes an Error that says where and what.
  template <class Function>
  std::invoke_result_t<Function> call(std::string_view what, Function&& function) const {
    try {
      return function();
    } catch (const SqliteError& error) {
      throw Error(name_ + " " + std::string(what) + ": " + error.what());
    }
  }

  // `function` writes a settlement and says whether the claim was still good. A failure of SQLite
  // is counted.
  template <class Function>
  Settlement settle(Function&& function) {
    try {
      return function() ? Settlement::kDone : Settlement::kLost;
    } catch (const SqliteError&) {
      failed_settlements_.fetch_add(1, std::memory_order_relaxed);
      return Settlement::kFailed;
    }
  }

 private:
  std::string name_;
  std::shared_ptr<SqliteStore> store_;
  std::int64_t queue_ = 0;
  std::atomic<std::uint64_t> failed_settlements_ = 0;
};

}  // namespace waybill::queue::internal
