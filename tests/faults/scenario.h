// Jobs go through a queue while workers, and the queue's servers, are killed at random moments.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/queue.h>

#include "tests/support/process.h"

namespace waybill::faults {

// What holds the queue.
class Broker {
 public:
  virtual ~Broker() = default;
  virtual std::string url() const = 0;
  // kill -9 of a server, of one of several; and its start, on what it has kept.
  virtual void kill(std::mt19937&) {}
  virtual void restart() {}
};

struct Attempt {
  std::string job;
  int number = 0;
  std::string trace;
  bool done = false;
};

class Scenario {
 public:
  Scenario(Broker& broker, unsigned seed);

  // 20,000 jobs, two workers, five times a worker and a server. False: not all was done in time.
  bool run();

  // Which trace each job was created in; of those whose creation was confirmed.
  const std::map<std::string, std::string>& jobs() const noexcept { return jobs_; }
  // What the workers did; an attempt that came to its end is there twice, the second time as done.
  std::vector<Attempt> attempts() const;
  // When all is done.
  queue::Counts counts();

 private:
  void create();
  void kill_and_restart();
  void start_worker(std::size_t index);
  bool all_done() const;
  void pause(int least_ms, int most_ms);

  Broker& broker_;
  std::mt19937 random_;
  queue::internal::TestDirectory directory_;
  std::shared_ptr<queue::Queue> queue_;
  std::vector<std::unique_ptr<test::Process>> workers_;
  std::vector<std::string> journals_;
  std::map<std::string, std::string> jobs_;
};

}  // namespace waybill::faults
