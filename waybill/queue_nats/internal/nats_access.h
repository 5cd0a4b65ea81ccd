// NatsAccess: all that belongs to one queue in NATS, which a NatsQueue and its deliveries share,
// and what becomes of NATS's failures there.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <nlohmann/json.hpp>

#include <waybill/core/error.h>
#include <waybill/queue/lease.h>
#include <waybill/queue_nats/internal/nats_claims.h>
#include <waybill/queue_nats/internal/nats_intake.h>
#include <waybill/queue_nats/internal/nats_jetstream.h>
#include <waybill/queue_nats/internal/nats_keys.h>
#include <waybill/queue_nats/internal/nats_line.h>
#include <waybill/queue_nats/internal/nats_names.h>
#include <waybill/queue_nats/internal/nats_settings.h>
#include <waybill/queue_nats/internal/nats_shelf.h>

namespace waybill::queue::internal {

class NatsAccess {
 public:
  NatsAccess(const NatsSettings& settings, bool create, std::chrono::milliseconds visibility)
      : name_(settings.description()), names_(settings.queue) {
    const bool is_there = call("cannot be opened", [&] {
      jet_.emplace(settings);
      claims_.emplace(*jet_, names_, settings.replicas);
      line_.emplace(*jet_, names_, *claims_, attention_);
      intake_.emplace(*jet_, names_, *claims_, *line_, attention_);
      keys_.emplace(*jet_, names_);
      shelf_.emplace(*jet_, names_, *line_);
      return line_->open(create, visibility);
    });
    if (!is_there) throw Error("there is no " + name_);
  }

  const NatsNames& names() const noexcept { return names_; }
  NatsJetStream& jet() noexcept { return *jet_; }
  NatsClaims& claims() noexcept { return *claims_; }
  NatsLine& line() noexcept { return *line_; }
  NatsIntake& intake() noexcept { return *intake_; }
  NatsKeys& keys() noexcept { return *keys_; }
  NatsShelf& shelf() noexcept { return *shelf_; }
  std::uint64_t failed_settlements() const noexcept {
    return failed_settlements_.load(std::memory_order_relaxed);
  }

  // Returns what `function` does. A failure becomes an Error that says where and what.
  template <class Function>
  std::invoke_result_t<Function> call(std::string_view what, Function&& function) const {
    try {
      return function();
    } catch (const NatsLost& lost) {
      throw Error(name_ + " " + std::string(what) + ": " + lost.what());
    } catch (const NatsRefusal& refusal) {
      throw Error(name_ + " " + std::string(what) + ": " + refusal.what());
    } catch (const nlohmann::json::exception&) {
      throw Error(name_ + " " + std::string(what) + ": an answer that is not JetStream's");
    }
  }

  // `function` writes a settlement and says whether the claim was still good. A failure is counted.
  template <class Function>
  Settlement settle(Function&& function) {
    try {
      return function() ? Settlement::kDone : Settlement::kLost;
    } catch (const NatsLost&) {
    } catch (const NatsRefusal&) {
    } catch (const nlohmann::json::exception&) {
    }
    failed_settlements_.fetch_add(1, std::memory_order_relaxed);
    return Settlement::kFailed;
  }

 private:
  const std::string name_;
  const NatsNames names_;
  std::optional<NatsJetStream> jet_;
  std::optional<NatsClaims> claims_;
  NatsAttention attention_;
  std::optional<NatsLine> line_;
  std::optional<NatsIntake> intake_;
  std::optional<NatsKeys> keys_;
  std::optional<NatsShelf> shelf_;
  std::atomic<std::uint64_t> failed_settlements_ = 0;
};

}  // namespace waybill::queue::internal
