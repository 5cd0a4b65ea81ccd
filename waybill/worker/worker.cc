#include <cstring>
#include <utility>

#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/worker/internal/running.h>
#include <waybill/worker/worker.h>

namespace waybill::worker {
namespace {

void check(const WorkerOptions& options) {
  using std::chrono::milliseconds;
  const auto check_time = [](const char* option, milliseconds value, milliseconds least) {
    if (value >= least && value <= std::chrono::hours(24)) return;
    throw Error::bad_option(option, std::to_string(value.count()) + " ms",
                            std::to_string(least.count()) + " ms to a day");
  };
  if (options.concurrency < 1 || options.concurrency > 4096) {
    throw Error::bad_option("concurrency", std::to_string(options.concurrency), "1 to 4096");
  }
  check_time("visibility_timeout", options.visibility_timeout, milliseconds(10));
  check_time("stop_timeout", options.stop_timeout, milliseconds(0));
  check_time("stop_grace", options.stop_grace, milliseconds(0));
  check_time("callbacks.timeout", options.callbacks.timeout, milliseconds(1));
  check(options.callbacks.retry);
}

// Of a process on a machine.
std::string default_name() {
  char host[256] = "";
  if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0') std::strcpy(host, "localhost");
  return std::string(host) + ':' + std::to_string(getpid());
}

}  // namespace

class Worker::Running : public internal::Running {
 public:
  using internal::Running::Running;
};

Worker::Worker(TaskManager tasks, Registry registry, WorkerOptions options) {
  check(options);
  if (options.name.empty()) options.name = default_name();
  running_ = std::make_unique<Running>(std::move(tasks), std::move(registry), std::move(options));
}
Worker::~Worker() = default;

void Worker::run() {
  running_->run();
}
void Worker::stop() noexcept {
  running_->stop();
}
Counts Worker::counts() const noexcept {
  return running_->counts();
}

}  // namespace waybill::worker
