// A program that logs and ends, in as many ways as programs do:
//
//   lifecycle_program WAY FILE
//
// Each record's message is its number under its thread, so that the test can tell what is missing.
#include <atomic>
#include <cassert>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/log/sink.h>
#include <waybill/pipeline/crash_handler.h>
#include <waybill/pipeline/self_metrics.h>

namespace {

using namespace std::chrono_literals;
using waybill::Context;
using waybill::Scope;

// Of a static object that is destroyed after main.
struct LogsWhenDestroyed {
  explicit LogsWhenDestroyed(const char* text) : name(text) {}
  ~LogsWhenDestroyed() { waybill::logger("static").info("destroyed {}", name); }
  const char* name;
};

LogsWhenDestroyed before_the_first_record("before");  // before anything of the library exists

std::string log_file;

void set_up() {
  waybill::configure_pipeline({.when_full = waybill::WhenFull::kWait, .longest_wait = 30s});
  waybill::configure_logging({.outputs = {{waybill::json_format(), waybill::file_sink(log_file)}}});
}

void count_up(int thread, int records) {
  const auto log = waybill::logger("count");
  const Scope scope{Context::new_trace({.name = "trace-" + std::to_string(thread)})};
  for (int i = 0; i < records; ++i) log.info({{"thread", thread}, {"i", i}}, "{}", i);
}

void return_from_main() {
  set_up();
  static const LogsWhenDestroyed after("after");  // destroyed before what was there before
  std::atexit([] { waybill::logger("static").info("atexit"); });
  thread_local const LogsWhenDestroyed of_main("thread_local");
  (void)of_main;
  count_up(0, 1'000);
}

void exit_in_the_middle() {
  set_up();
  std::thread(count_up, 1, 1'000).join();
  count_up(0, 1'000);
  std::exit(0);
}

void end_with_threads_running() {
  set_up();
  for (int t = 1; t <= 2; ++t) std::thread([t] { count_up(t, 1'000'000'000); }).detach();
  count_up(0, 1'000);
}

void synchronous() {
  waybill::configure_pipeline({.synchronous = true});
  waybill::configure_logging({.outputs = {{waybill::json_format(), waybill::file_sink(log_file)}}});
  count_up(0, 1'000);
  _exit(0);  // nothing is pending
}

// What is there at the moment of a crash: four threads have written records.
void prepare_crash() {
  set_up();
  waybill::install_crash_handler();
  std::vector<std::thread> threads;
  for (int t = 1; t <= 4; ++t) threads.emplace_back(count_up, t, 1'000);
  for (std::thread& thread : threads) thread.join();
  count_up(0, 1'000);
}

void crash_with(const std::function<void()>& crash) {
  prepare_crash();
  const Scope scope{Context::new_trace({.name = "the-crash"}).with({{"job_id", 42}})};
  crash();
}

void write_to_nowhere() {
  volatile int* nowhere = nullptr;
  *nowhere = 1;
}

// NOLINTNEXTLINE(misc-no-recursion)
int overflow(volatile int* deepest) {
  volatile char frame[4096];
  frame[0] = 1;
  *deepest = *deepest + 1;
  return *deepest < 1'000'000'000 ? overflow(deepest) + frame[0] : 0;
}

// The background thread itself crashes, on one record.
void crash_in_a_sink() {
  static std::atomic<bool> all_written = false;
  struct Fragile final : waybill::LogRecordSink {
    bool write(const waybill::LogRecord& record) override {
      if (record.message != "poison") return true;
      while (!all_written) std::this_thread::yield();
      write_to_nowhere();
      return false;
    }
  };
  waybill::configure_pipeline({.when_full = waybill::WhenFull::kWait, .longest_wait = 30s});
  waybill::configure_logging({.outputs = {{waybill::json_format(), waybill::file_sink(log_file)},
                                          {.records = std::make_shared<Fragile>()}}});
  waybill::install_crash_handler();
  count_up(0, 500);
  waybill::logger("poison").info("poison");
  count_up(1, 500);
  all_written = true;
  for (;;) pause();
}

// Four threads log all the while; each child logs and ends in an orderly way.
void forks_while_threads_log() {
  set_up();
  std::vector<std::thread> threads;
  for (int t = 1; t <= 4; ++t) threads.emplace_back(count_up, t, 50'000);
  bool good = true;
  for (int child = 0; child < 10; ++child) {
    const pid_t pid = fork();
    if (pid == 0) {
      alarm(30);
      count_up(100 + child, 100);
      std::thread(count_up, 200 + child, 100).join();
      std::exit(0);
    }
    int status = -1;
    good &= waitpid(pid, &status, 0) == pid && status == 0;
  }
  for (std::thread& thread : threads) thread.join();
  if (!good) std::_Exit(3);
}

// Logs until the disk is full, makes room, and logs on.
void fills_the_disk() {
  waybill::configure_pipeline({});
  waybill::configure_logging({.outputs = {{waybill::json_format(), waybill::file_sink(log_file)}}});
  const std::string ballast = log_file + ".ballast";
  count_up(0, 100);
  waybill::flush();
  // More than the file system holds, and more than is kept in memory meanwhile.
  for (int i = 0; i < 50; ++i) {
    count_up(1, 1'000);
    waybill::flush();
  }
  const waybill::SelfMetrics full = waybill::self_metrics();
  std::remove(ballast.c_str());
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (waybill::self_metrics().bytes_written == full.bytes_written &&
         std::chrono::steady_clock::now() < deadline) {
    waybill::flush();
    std::this_thread::sleep_for(10ms);
  }
  count_up(2, 100);
  waybill::flush();
  std::printf("lost %llu failures %llu\n",
              static_cast<unsigned long long>(waybill::self_metrics().dropped.sink),
              static_cast<unsigned long long>(waybill::self_metrics().sink_failures));
}

const std::map<std::string, std::function<void()>> kWays = {
    {"return", return_from_main},
    {"exit", exit_in_the_middle},
    {"threads-running", end_with_threads_running},
    {"synchronous", synchronous},
    {"fork", forks_while_threads_log},
    {"disk-full", fills_the_disk},
    {"sink-crash", crash_in_a_sink},
    {"segv", [] { crash_with(write_to_nowhere); }},
    {"stack-overflow",
     [] {
       crash_with([] {
         volatile int deepest = 0;
         overflow(&deepest);
       });
     }},
    {"abort", [] { crash_with([] { std::abort(); }); }},
    {"kill", [] { crash_with([] { raise(SIGSEGV); }); }},
    {"terminate", [] { crash_with([] { throw std::runtime_error("nobody catches this"); }); }},
    {"terminate-thread",
     [] {
       crash_with([] {
         std::thread(waybill::bind([] { throw std::runtime_error("nobody catches this"); })).join();
       });
     }},
    {"segv-thread",
     [] { crash_with([] { std::thread(waybill::bind(write_to_nowhere)).join(); }); }},
};

}  // namespace

int main(int argc, char** argv) {
  const auto way = argc == 3 ? kWays.find(argv[1]) : kWays.end();
  if (way == kWays.end()) {
    std::fprintf(stderr, "usage: %s WAY FILE\n", argv[0]);
    return 2;
  }
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  log_file = argv[2];
  way->second();
}
