// PeriodicReader: the thread that collects and exports once each interval, and when asked to.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include <waybill/metrics/metric_data.h>
#include <waybill/pipeline/delivery.h>

namespace waybill::internal {

struct ReaderOptions {
  std::vector<std::shared_ptr<MetricExporter>> exporters;
  std::chrono::milliseconds interval;
};

class PeriodicReader final : public detail::Delivery {
 public:
  // Throws std::system_error when there is no thread to be had.
  explicit PeriodicReader(ReaderOptions options);
  PeriodicReader(const PeriodicReader&) = delete;
  PeriodicReader& operator=(const PeriodicReader&) = delete;
  ~PeriodicReader() override;  // after end()

  // Collects and exports once more.
  void request_delivery() noexcept override;
  bool wait_until_delivered(std::chrono::steady_clock::time_point deadline) noexcept override;
  // Waits for that, too, and then the thread ends. One whose exporter does not return is left
  // behind.
  void end(std::chrono::steady_clock::time_point deadline) noexcept override;
  void after_fork_in_child() noexcept override;

  // Starts the thread in the child of a fork, where it is not running. False: there is none to be
  // had.
  bool resume() noexcept;

  // Whether this is the thread of such a reader.
  static bool on_its_thread() noexcept;

 private:
  struct State;
  static void run(const std::shared_ptr<State>& state) noexcept;
  void start();

  std::shared_ptr<State> state_;
};

// What is there of a set-up; see metering.h. Cheap, and for the slow path of any thread.
void resume_periodic_reader() noexcept;

}  // namespace waybill::internal
