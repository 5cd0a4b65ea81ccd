// What a log call costs the thread that makes it, and how many records a second the background
// thread writes.
//
// Calls come in bursts, between which the background thread empties the rings: what is measured is
// the call, not the waiting for room. The rings are large enough for a burst.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/pipeline/self_metrics.h>

#include "bench/harness.h"
#ifdef WAYBILL_BENCH_SPDLOG
#include "bench/spdlog_bridge.h"
#endif

namespace {

using benchmark::ClobberMemory;
using waybill::Context;
using waybill::Logger;
using waybill::Scope;
using namespace std::chrono_literals;

constexpr int kBurst = 1'000;

class Nowhere final : public waybill::LogRecordSink {
 public:
  bool write(const waybill::LogRecord&) override { return true; }
};

void set_up(waybill::ClockSource clock) {
  waybill::configure_pipeline(
      {.ring_bytes = 256 * 1024, .ring_bytes_limit = 64 * 1024 * 1024, .clock = clock});
  waybill::configure_logging({.outputs = {{.records = std::make_shared<Nowhere>()}}});
}

// `call(log, i)` under a trace with a field, in bursts.
template <class Call>
bench::Suite::Body calls(Call call, waybill::ClockSource clock, bool writes = true) {
  return [call, clock, writes](benchmark::State& state) {
    if (state.thread_index() == 0) set_up(clock);
    const Logger log = waybill::logger("bench");
    const Scope scope{Context::new_trace().with({{"job_id", 42}})};
    const std::uint64_t lost = waybill::self_metrics().dropped.all();
    while (state.KeepRunningBatch(kBurst)) {
      for (int i = 0; i < kBurst; ++i) call(log, i);
      state.PauseTiming();
      if (writes) waybill::flush();
      state.ResumeTiming();
    }
    waybill::flush();
    if (waybill::self_metrics().dropped.all() != lost) state.SkipWithError("records were lost");
  };
}

// Records a second that one core formats as JSON and writes to a file: what the background thread
// needs of the processor for a million of them.
double json_file_records_per_s() {
  const auto path = std::filesystem::temp_directory_path() /
                    ("waybill-bench-" + std::to_string(getpid()) + ".log");
  waybill::configure_pipeline({.ring_bytes_limit = 64 * 1024 * 1024,
                               .when_full = waybill::WhenFull::kWait,
                               .longest_wait = 60s,
                               .clock = waybill::ClockSource::kAutomatic});
  waybill::configure_logging(
      {.service = "bench",
       .outputs = {{waybill::json_format(), waybill::file_sink(path.string())}}});
  const Logger log = waybill::logger("bench");
  const Scope scope{Context::new_trace().with({{"job_id", 42}, {"account_id", "acme"}})};
  const auto cpu_seconds = [](int whose) {
    rusage usage;
    getrusage(whose, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
  };
  constexpr int kRecords = 1'000'000;
  waybill::flush(60s);
  // The producer's own time, also what it waits, is not the background thread's.
  const double process_before = cpu_seconds(RUSAGE_SELF);
  const double mine_before = cpu_seconds(RUSAGE_THREAD);
  for (int i = 0; i < kRecords; ++i) {
    log.info("Fetched {} pages of {} in {:.1f} ms", i, "https://example.org/weather", 12.5);
  }
  const bool flushed = waybill::flush(60s);
  const double background =
      (cpu_seconds(RUSAGE_SELF) - process_before) - (cpu_seconds(RUSAGE_THREAD) - mine_before);
  waybill::configure_logging({});
  std::filesystem::remove(path);
  if (!flushed) std::fprintf(stderr, "json_file_records_per_s: not flushed in a minute\n");
  return kRecords / background;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string text(100, 'x');
  bench::Suite suite("log");
  // The loop, and stopping the clock between bursts, are not the call's.
  const auto add = [&suite](std::string name, bench::Time time, auto call,
                            waybill::ClockSource clock = waybill::ClockSource::kAutomatic) {
    suite.add_added_time(std::move(name), std::move(time), calls(call, clock),
                         calls([](const Logger&, int) { ClobberMemory(); }, clock, false));
  };
  const auto one_argument = [](const Logger& log, int i) { log.info("Fetched {} pages", i); };
  add("log_call_tsc", {.target_ns = 10, .peer = "Quill 9.4-26, no ids"}, one_argument);
  add("log_call_system_clock", {.target_ns = 26, .peer = "Quill 9.4-26, no ids"}, one_argument,
      waybill::ClockSource::kSystem);
  add("log_call_4_fields", {.target_ns = 30}, [](const Logger& log, int i) {
    log.info({{"zip", "98101"}, {"page", i}, {"ratio", 0.5}, {"cached", true}}, "Fetched");
  });
  add("log_call_text_100", {.target_ns = 20},
      [&text](const Logger& log, int) { log.info("Fetched {}", text); });
  add("log_call_disabled", {.target_ns = 0.5}, [](const Logger& log, int i) {
    log.debug("Fetched {} pages", i);
    ClobberMemory();
  });
  add("log_call_2_threads", {.target_ns = 11, .threads = 2}, one_argument);
  add("log_call_4_threads", {.target_ns = 11, .threads = 4}, one_argument);
  suite.add_value("json_file_records_per_s",
                  {.unit = "records/s", .target = 2e6, .higher_is_better = true},
                  json_file_records_per_s);
#ifdef WAYBILL_BENCH_SPDLOG
  bench::add_spdlog_bridge(suite);
#endif
  return suite.run(argc, argv);
}
