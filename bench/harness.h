// The benchmark harness: what to measure, its target, and what peers need for the same.
//
//   int main(int argc, char** argv) {
//     bench::Suite suite("core");
//     suite.add_time("context_read", {.target_ns = 2, .peer = "opentelemetry-cpp 60"},
//     context_read); return suite.run(argc, argv);
//   }
//
// Times are medians of repeated runs of CPU time per operation, in a process that has a second
// thread, so that reference counts are atomic. `--json` prints one object a line, without it a
// table.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace bench {

struct Time {
  double target_ns;
  std::string peer = {};  // today's best elsewhere, as a person would say it; ns
  int threads = 1;
};

struct Value {
  std::string unit;
  double target;
  bool higher_is_better = false;
  std::string peer = {};
};

class Suite {
 public:
  explicit Suite(std::string room) : room_(std::move(room)) {}

  using Body = std::function<void(benchmark::State&)>;

  void add_time(std::string name, Time time, Body body);
  // What `body` takes longer than `without`, the same code without what is measured.
  void add_added_time(std::string name, Time time, Body body, Body without);
  // Nanoseconds that something else, another process say, has measured.
  void add_measured_time(std::string name, Time time, std::function<double()> measure);
  void add_value(std::string name, Value value, std::function<double()> measure);

  // Runs all, prints them in the order in which they were added. Returns main's exit status: 0,
  // also when a target is missed; 2 for an unknown argument. `--only NAME` leaves out the others.
  int run(int argc, char** argv);

 private:
  // False, and said on stderr, for what is not there.
  bool keep_only(const std::vector<std::string>& chosen);

  struct Entry {
    std::string name;
    Time time;
    Value value;
    bool is_time;
    bool is_added = false;            // over the body called `name`/without
    std::function<double()> measure;  // empty for what the benchmark library measures
    double result = 0;
    double allocations = 0;
  };

  std::string room_;
  std::vector<Entry> entries_;
};

// Median CPU seconds that the compiler needs to turn `source` (text) into an object file with -O2,
// nothing but this repository on its include path.
double compile_seconds(const std::string& source);

}  // namespace bench
