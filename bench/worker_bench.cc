// How many jobs a second go through a worker, from their creation to their ack, and what it costs
// that they carry their context, and that their attempts are spans.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/queue_kinds/queue_kinds.h>
#include <waybill/trace/trace.h>
#include <waybill/worker/worker.h>

#include "bench/harness.h"
#ifdef WAYBILL_BENCH_NATS
#include <waybill/queue_nats/internal/test_nats.h>

#include "bench/bare_nats.h"
#endif
#ifdef WAYBILL_BENCH_REDIS
#include <waybill/queue_redis/internal/test_redis.h>

#include "bench/bare_redis.h"
#endif

namespace {

using namespace std::chrono_literals;
using waybill::worker::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 250;  // jobs created in one go

class Nowhere final : public waybill::LogRecordSink {
 public:
  bool write(const waybill::LogRecord&) override { return true; }
};

class NoExporter final : public waybill::SpanExporter {
 public:
  void consume(const waybill::EndedSpan&) noexcept override {}
};

void set_up() {
  waybill::configure_logging(
      {.service = "bench", .outputs = {{.records = std::make_shared<Nowhere>()}}});
  waybill::configure_tracing({.service = "bench", .exporters = {std::make_shared<NoExporter>()}});
}

struct Load {
  std::size_t jobs = 50'000;
  std::size_t threads = 1;
  std::uint32_t rounds = 0;  // of work in each job
  bool propagate = true;
  bool created_before = false;  // or while they are worked on
};

// What a job does besides: a calculation that takes as long on every run.
void work(std::uint32_t rounds) {
  std::uint64_t state = rounds;
  for (std::uint32_t i = 0; i < rounds; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    benchmark::DoNotOptimize(state);
  }
}

void create_jobs(waybill::worker::TaskManager& tasks, std::size_t jobs) {
  const waybill::Scope scope{
      waybill::Context::new_trace().with({{"account_id", "acme"}, {"lead_id", 17}})};
  for (std::size_t created = 0; created < jobs; created += kBatch) {
    std::vector<waybill::worker::NewTask> batch(kBatch, {"charge", {{"cents", 1200}}});
    tasks.create_tasks(std::move(batch));
  }
}

double cpu_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Cost {
  double jobs_per_second;
  double cpu_ns;  // of a job, all threads together
};

// From the first creation, or from the start of the worker, to the last ack.
Cost cost_of(const std::string& url, const Load& load) {
  using namespace waybill::worker;
  TaskManager tasks(waybill::queue::open(url), {.propagate = load.propagate});
  Registry registry;
  registry.add("charge", [&load](const json& payload) {
    static const waybill::Logger log = waybill::logger("bench");
    log.info("charging {}", payload.at("cents").get<int>());
    work(load.rounds);
  });
  Worker worker(tasks, registry, {.concurrency = load.threads, .in_hand = 1'000});
  if (load.created_before) create_jobs(tasks, load.jobs);
  const auto begin = Clock::now();
  const double cpu_before = cpu_seconds();
  std::thread working([&worker] { worker.run(); });
  if (!load.created_before) create_jobs(tasks, load.jobs);
  while (worker.counts().succeeded < load.jobs) std::this_thread::sleep_for(1ms);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  const double cpu = cpu_seconds() - cpu_before;
  worker.stop();
  working.join();
  const auto jobs = static_cast<double>(load.jobs);
  return {jobs / seconds, cpu * 1e9 / jobs};
}

template <std::size_t kRuns>
double median_of(const std::function<double()>& measure) {
  std::array<double, kRuns> results;
  std::generate(results.begin(), results.end(), measure);
  const auto middle = results.begin() + kRuns / 2;
  std::nth_element(results.begin(), middle, results.end());
  return *middle;
}

double median_of_five(const std::function<double()>& measure) {
  return median_of<5>(measure);
}

Cost memory(Load load) {
  static int runs = 0;
  return cost_of("memory:bench-" + std::to_string(++runs), load);
}

double sqlite() {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("waybill-bench-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const double rate =
      cost_of("sqlite:" + (folder / "work.db").string() + "?queue=bench", {}).jobs_per_second;
  std::filesystem::remove_all(folder);
  return rate;
}

// What `compare` says of the processor time of a job without its context, and with it. The two
// kinds of run take turns, and each pair is compared by itself: the machine's speed changes. Many
// pairs, because what is sought is small beside these changes.
double compared(Load load, double (*compare)(double without, double with)) {
  return median_of<21>([&] {
    load.propagate = false;
    const double without = memory(load).cpu_ns;
    load.propagate = true;
    return compare(without, memory(load).cpu_ns);
  });
}

// Of jobs that take 0.1 ms by themselves.
double overhead_percent() {
  static const std::uint32_t rounds = [] {
    constexpr std::uint32_t kMany = 10'000'000;
    const double before = cpu_seconds();
    work(kMany);
    return static_cast<std::uint32_t>(kMany * 1e-4 / (cpu_seconds() - before));
  }();
  return compared({.jobs = 10'000, .threads = 2, .rounds = rounds, .created_before = true},
                  [](double without, double with) { return (with / without - 1) * 100; });
}

double added_ns() {
  return compared({.threads = 2, .created_before = true},
                  [](double without, double with) { return with - without; });
}

// The body of one of create_jobs()'s, as a bare loop sends it.
std::string body_of_a_job() {
  const auto queue = waybill::queue::open("memory:bench-body");
  waybill::worker::TaskManager tasks(
      std::shared_ptr<waybill::queue::Queue>(waybill::queue::open("memory:bench-body")));
  create_jobs(tasks, kBatch);
  return queue->receive(0ms)->body();
}

// The two take turns, and each pair is compared by itself.
double percent_of_bare(const std::function<double()>& ours, const std::function<double()>& bare) {
  return median_of_five([&] {
    const double theirs = bare();
    return 100 * ours() / theirs;
  });
}

#ifdef WAYBILL_BENCH_NATS
double nats_percent() {
  const waybill::queue::internal::TestNats server;
  const std::string body = body_of_a_job();
  int runs = 0;
  return percent_of_bare(
      [&] { return cost_of(server.url("bench-" + std::to_string(++runs)), {}).jobs_per_second; },
      [&] { return bench::bare_nats_jobs_per_second(server.port(), Load{}.jobs, kBatch, body); });
}
#endif

#ifdef WAYBILL_BENCH_REDIS
// The server syncs its log with each call, on both sides.
double redis_percent() {
  const waybill::queue::internal::TestRedis server;
  const std::string body = body_of_a_job();
  int runs = 0;
  return percent_of_bare(
      [&] { return cost_of(server.url("bench-" + std::to_string(++runs)), {}).jobs_per_second; },
      [&] { return bench::bare_redis_jobs_per_second(server.port(), Load{}.jobs, kBatch, body); });
}
#endif

}  // namespace

int main(int argc, char** argv) {
  set_up();
  waybill::queue::enable_all_kinds();
  bench::Suite suite("worker");
  suite.add_value("tracing_overhead_percent", {.unit = "%", .target = 3}, overhead_percent);
  suite.add_value("tracing_added_ns", {.unit = "ns", .target = 3'000}, added_ns);
  suite.add_value("memory_jobs_per_s",
                  {.unit = "jobs/s", .target = 100'000, .higher_is_better = true},
                  [] { return median_of_five([] { return memory({}).jobs_per_second; }); });
  suite.add_value("sqlite_jobs_per_s",
                  {.unit = "jobs/s", .target = 20'000, .higher_is_better = true},
                  [] { return median_of_five(sqlite); });
#ifdef WAYBILL_BENCH_REDIS
  suite.add_value("redis_percent_of_bare", {.unit = "%", .target = 80, .higher_is_better = true},
                  redis_percent);
#endif
#ifdef WAYBILL_BENCH_NATS
  suite.add_value("nats_percent_of_bare", {.unit = "%", .target = 80, .higher_is_better = true},
                  nats_percent);
#endif
  return suite.run(argc, argv);
}
