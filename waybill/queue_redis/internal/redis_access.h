// RedisAccess: a RedisStore, and what becomes of Redis's failures there.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <waybill/core/error.h>
#include <waybill/queue/lease.h>
#include <waybill/queue_redis/internal/redis_store.h>

namespace waybill::queue::internal {

class RedisAccess {
 public:
  RedisAccess(const RedisSettings& settings, bool create) : name_(settings.description()) {
    const bool is_there = call("cannot be opened", [&] {
      store_.emplace(settings);
      return store_->open(create);
    });
    if (!is_there) throw Error("there is no " + name_);
  }

  RedisStore& store() noexcept { return *store_; }
  std::uint64_t failed_settlements() const noexcept {
    return failed_settlements_.load(std::memory_order_relaxed);
  }

  // Returns what `function` does. A failure becomes an Error that says where and what.
  template <class Function>
  std::invoke_result_t<Function> call(std::string_view what, Function&& function) const {
    try {
      return function();
    } catch (const RedisConnectionLost& lost) {
      throw Error(name_ + " " + std::string(what) + ": " + lost.what());
    } catch (const RedisRefusal& refusal) {
      throw Error(name_ + " " + std::string(what) + ": " + refusal.what());
    }
  }

  // `function` writes a settlement and says whether the claim was still good. A failure is counted.
  template <class Function>
  Settlement settle(Function&& function) {
    try {
      return function() ? Settlement::kDone : Settlement::kLost;
    } catch (const RedisConnectionLost&) {
    } catch (const RedisRefusal&) {
    }
    failed_settlements_.fetch_add(1, std::memory_order_relaxed);
    return Settlement::kFailed;
  }

 private:
  const std::string name_;
  std::optional<RedisStore> store_;
  std::atomic<std::uint64_t> failed_settlements_ = 0;
};

}  // namespace waybill::queue::internal
