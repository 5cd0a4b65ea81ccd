#include "bench/harness.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <string_view>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

#include "bench/allocations.h"

namespace bench {
namespace {

constexpr int kRepetitions = 9;
constexpr double kSecondsEach = 0.05;

double median(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Keeps each run's figures instead of printing them.
class Collector final : public benchmark::BenchmarkReporter {
 public:
  struct Runs {
    std::vector<double> ns;
    std::vector<double> allocations;
  };

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& reports) override {
    for (const Run& report : reports) {
      if (report.run_type != Run::RT_Iteration) continue;
      Runs& runs = by_name[report.run_name.function_name];
      runs.ns.push_back(report.GetAdjustedCPUTime());
      runs.allocations.push_back(report.counters.at("allocations").value);
    }
  }

  std::map<std::string, Runs> by_name;
};

double children_cpu_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, std::abs(value) < 10 ? "%.2f" : "%.1f", value);
  return text;
}

}  // namespace

namespace {

void add_body(const std::string& name, int threads, Suite::Body body) {
  auto counted = [body = std::move(body)](benchmark::State& state) {
    const std::uint64_t before = allocations();
    body(state);
    state.counters["allocations"] = benchmark::Counter(static_cast<double>(allocations() - before),
                                                       benchmark::Counter::kAvgIterations);
  };
  benchmark::RegisterBenchmark(name.c_str(), counted)
      ->Repetitions(kRepetitions)
      ->MinTime(kSecondsEach)
      ->Threads(threads);
}

constexpr const char* kWithout = "_without";

std::string without(const std::string& name) {
  return name + kWithout;
}

// For the benchmark library, whose own names have the repetitions and the like behind them.
std::string expression_of(const std::vector<std::string>& chosen) {
  if (chosen.empty()) return "all";
  std::string expression;
  for (const std::string& name : chosen) expression += (expression.empty() ? "^(" : "|") + name;
  return expression + ")(" + kWithout + ")?(/.*)?$";
}

}  // namespace

void Suite::add_time(std::string name, Time time, Body body) {
  add_body(name, time.threads, std::move(body));
  entries_.push_back({.name = std::move(name),
                      .time = std::move(time),
                      .value = {},
                      .is_time = true,
                      .measure = {}});
}

void Suite::add_added_time(std::string name, Time time, Body body, Body without_it) {
  add_body(without(name), time.threads, std::move(without_it));
  add_time(std::move(name), std::move(time), std::move(body));
  entries_.back().is_added = true;
}

void Suite::add_measured_time(std::string name, Time time, std::function<double()> measure) {
  entries_.push_back({.name = std::move(name),
                      .time = std::move(time),
                      .value = {},
                      .is_time = true,
                      .measure = std::move(measure)});
}

void Suite::add_value(std::string name, Value value, std::function<double()> measure) {
  entries_.push_back({.name = std::move(name),
                      .time = {},
                      .value = std::move(value),
                      .is_time = false,
                      .measure = std::move(measure)});
}

bool Suite::keep_only(const std::vector<std::string>& chosen) {
  for (const std::string& name : chosen) {
    if (std::ranges::find(entries_, name, &Entry::name) == entries_.end()) {
      std::fprintf(stderr, "%s: there is no '%s'\n", room_.c_str(), name.c_str());
      return false;
    }
  }
  std::erase_if(entries_, [&](const Entry& entry) {
    return std::ranges::find(chosen, entry.name) == chosen.end();
  });
  return true;
}

int Suite::run(int argc, char** argv) {
  bool json = false;
  std::vector<std::string> chosen;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--json") {
      json = true;
    } else if (argument == "--only" && i + 1 < argc) {
      chosen.emplace_back(argv[++i]);
    } else {
      std::fprintf(stderr, "%s: unknown argument '%s'; known are --json and --only NAME\n", argv[0],
                   argv[i]);
      return 2;
    }
  }
  if (!chosen.empty() && !keep_only(chosen)) return 2;

  std::promise<void> done;
  std::thread second([future = done.get_future()] { future.wait(); });
  Collector collector;
  const auto is_for_library = [](const Entry& entry) { return !entry.measure; };
  if (std::ranges::any_of(entries_, is_for_library)) {
    benchmark::RunSpecifiedBenchmarks(&collector, expression_of(chosen));
  }
  for (Entry& entry : entries_) {
    if (entry.measure) {
      entry.result = entry.measure();
    } else {
      const Collector::Runs& runs = collector.by_name[entry.name];
      entry.result = median(runs.ns);
      double allocated = median(runs.allocations);
      if (entry.is_added) {
        const Collector::Runs& base = collector.by_name[without(entry.name)];
        entry.result -= median(base.ns);
        allocated -= median(base.allocations);
      }
      // Set-up before the loop may allocate: less than one for a hundred operations is none.
      entry.allocations = std::round(allocated * 100) / 100;
    }
  }
  done.set_value();
  second.join();

  if (!json) {
    std::printf("%-32s %16s %12s  %-4s %7s  %s\n", room_.c_str(), "measured", "target", "",
                "allocs", "today's best peer");
  }
  for (const Entry& entry : entries_) {
    const bool is_time = entry.is_time;
    const double target = is_time ? entry.time.target_ns : entry.value.target;
    const bool higher = !is_time && entry.value.higher_is_better;
    const bool reached = higher ? entry.result >= target : entry.result <= target;
    if (json && is_time) {
      std::printf("{\"name\": \"%s\", \"ns\": %.3f, \"target_ns\": %g, \"allocations\": %g}\n",
                  entry.name.c_str(), entry.result, target, entry.allocations);
    } else if (json) {
      std::printf(
          "{\"name\": \"%s\", \"value\": %g, \"unit\": \"%s\", \"target\": %g, \"better\": "
          "\"%s\"}\n",
          entry.name.c_str(), entry.result, entry.value.unit.c_str(), target,
          higher ? "higher" : "lower");
    } else {
      const std::string unit = is_time ? "ns" : entry.value.unit;
      std::printf("%-32s %9s %-6s %s %9s  %-4s %7s  %s\n", entry.name.c_str(),
                  number(entry.result).c_str(), unit.c_str(),
                  higher ? ">=" : "<=", number(target).c_str(), reached ? "" : "MISS",
                  is_time ? number(entry.allocations).c_str() : "",
                  (is_time ? entry.time.peer : entry.value.peer).c_str());
    }
  }
  return 0;
}

double compile_seconds(const std::string& source) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("waybill-compile-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "hello.cc") << source;
  const std::string command = std::string(WAYBILL_CXX) + " -std=c++20 -O2 -I" + WAYBILL_SOURCE_DIR +
                              " -c " + (folder / "hello.cc").string() + " -o " +
                              (folder / "hello.o").string();
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) {
    const double before = children_cpu_seconds();
    if (std::system(command.c_str()) != 0) {
      seconds.assign(1, std::nan(""));
      break;
    }
    seconds.push_back(children_cpu_seconds() - before);
  }
  std::filesystem::remove_all(folder);
  return median(seconds);
}

}  // namespace bench
