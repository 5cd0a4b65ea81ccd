// The spdlog bridge: what ids cost a logger, with spdlog's own work taken off.
#include "bench/spdlog_bridge.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>

#include <waybill/bridges/spdlog.h>
#include <waybill/core/core.h>

namespace {

using benchmark::DoNotOptimize;
using waybill::Context;
using waybill::Scope;
namespace bridge = waybill::spdlog_bridge;

// The same but for what is measured.
constexpr char kPlainPattern[] = "[%Y-%m-%d %H:%M:%S.%e] [] [] [%n] [%l] %v";
constexpr char kIdsPattern[] = "[%Y-%m-%d %H:%M:%S.%e] [{trace_id}] [{span_id}] [%n] [%l] %v";
constexpr char kFieldsPattern[] =
    "[%Y-%m-%d %H:%M:%S.%e] [{trace_id}] [{span_id}] [{job_id}] [%n] [%l] %v";

// Formats and throws away.
class FormattingSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  void sink_it_(const spdlog::details::log_msg& msg) override {
    line_.clear();
    formatter_->format(msg, line_);
    DoNotOptimize(line_.data());
  }
  void flush_() override {}

  spdlog::memory_buf_t line_;
};

// Holds the queue's thread, so that the calling thread is measured alone: the queue is full, and
// each record replaces the oldest.
class HoldingSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void release() {
    const std::lock_guard lock(gate_);
    open_ = true;
    opened_.notify_all();
  }
  void wait_until_held() {
    std::unique_lock lock(gate_);
    opened_.wait(lock, [this] { return held_; });
  }

 private:
  void sink_it_(const spdlog::details::log_msg&) override {
    std::unique_lock lock(gate_);
    held_ = true;
    opened_.notify_all();
    opened_.wait(lock, [this] { return open_; });
  }
  void flush_() override {}

  std::mutex gate_;
  std::condition_variable opened_;
  bool open_ = false;
  bool held_ = false;
};

enum class With { kNothing, kIds, kField };

Context context_of_call(With with) {
  Context context = Context::new_trace();
  return with == With::kField ? context.with({{"job_id", "J-1042"}}) : context;
}

// The calling thread's part of a record behind spdlog's queue.
void async_call(benchmark::State& state, With with) {
  if (with == With::kField) bridge::want_field("job_id");
  auto sink = std::make_shared<HoldingSink>();
  auto pool = std::make_shared<spdlog::details::thread_pool>(1024, 1);
  std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::async_logger>(
      "bench", sink, pool, spdlog::async_overflow_policy::overrun_oldest);
  if (with != With::kNothing) logger = bridge::traced(logger);
  const Context context = context_of_call(with);
  const Scope scope{context};
  logger->info("first");
  sink->wait_until_held();
  for (int i = 0; i < 4096; ++i) logger->info("fill");
  for (auto _ : state) logger->info("Fetching weather for a ZIP code");
  sink->release();
}

// All of a synchronous record: one line formatted, nothing written.
void sync_call(benchmark::State& state, With with) {
  spdlog::logger logger("bench", std::make_shared<FormattingSink>());
  if (with == With::kNothing) {
    logger.set_pattern(kPlainPattern);
  } else {
    logger.set_formatter(bridge::formatter(with == With::kIds ? kIdsPattern : kFieldsPattern));
  }
  const Context context = context_of_call(with);
  const Scope scope{context};
  for (auto _ : state) logger.info("Fetching weather for a ZIP code");
}

auto run(void (*body)(benchmark::State&, With), With with) {
  return [body, with](benchmark::State& state) { body(state, with); };
}

}  // namespace

void bench::add_spdlog_bridge(bench::Suite& suite) {
  suite.add_added_time("spdlog_bridge_added",
                       {.target_ns = 10, .peer = "opentelemetry-cpp 29, zeros under async"},
                       run(async_call, With::kIds), run(async_call, With::kNothing));
  suite.add_added_time("spdlog_bridge_added_1_field", {.target_ns = 30},
                       run(async_call, With::kField), run(async_call, With::kNothing));
  suite.add_added_time("spdlog_bridge_sync_added", {.target_ns = 10}, run(sync_call, With::kIds),
                       run(sync_call, With::kNothing));
}
