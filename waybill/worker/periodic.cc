#include <algorithm>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/core/ids.h>
#include <waybill/core/scope.h>
#include <waybill/log/log.h>
#include <waybill/worker/periodic.h>

namespace waybill::worker {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

milliseconds since_1970(system_clock::time_point time) {
  return std::chrono::floor<milliseconds>(time.time_since_epoch());
}

constexpr std::chrono::seconds kPauseAfterFailure{1};

// The first multiple after now.
system_clock::time_point next_time(milliseconds interval, milliseconds offset) {
  const milliseconds now = since_1970(system_clock::now());
  const milliseconds before = now - offset;
  const auto past = before.count() / interval.count();
  return system_clock::time_point((past + 1) * interval + offset);
}

}  // namespace

PeriodicTasks::PeriodicTasks(TaskManager tasks) : tasks_(std::move(tasks)) {}

PeriodicTasks::~PeriodicTasks() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PeriodicTasks::every(milliseconds interval, std::string name, json payload,
                          PeriodicOptions options) {
  if (interval < milliseconds(1) || interval > std::chrono::hours(24 * 366)) {
    throw Error::bad_option("interval", std::to_string(interval.count()) + " ms", "1 ms to a year");
  }
  if (options.offset < milliseconds(0) || options.offset >= interval) {
    throw Error::bad_option("offset", std::to_string(options.offset.count()) + " ms",
                            "0 to less than the interval");
  }
  if (name.empty() || name.size() > 256) {
    throw Error::bad_option("task name", name, "1 to 256 bytes");
  }
  const std::string what = name + ' ' + std::to_string(interval.count()) + ' ' +
                           std::to_string(options.offset.count()) + ' ' + payload.dump();
  const std::lock_guard lock(mutex_);
  const auto due = next_time(interval, options.offset);
  entries_.push_back({interval, std::move(name), std::move(payload), std::move(options),
                      Context::current(), "periodic " + TraceId::from_name(what).to_hex(), due,
                      due});
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

void PeriodicTasks::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    const auto first = std::ranges::min_element(entries_, {}, &Entry::next_try);
    if (first->next_try > system_clock::now()) {
      changed_.wait_until(lock, Time(first->next_try));  // or for an earlier one, or the end
      continue;
    }
    Entry& entry = *first;  // stays where it is: a deque
    lock.unlock();
    const bool is_created = create(entry, entry.due);
    lock.lock();
    const Time next = next_time(entry.interval, entry.options.offset);
    const Time again = system_clock::now() + kPauseAfterFailure;
    if (is_created || again >= next) {
      entry.due = entry.next_try = next;
    } else {
      entry.next_try = again;
    }
  }
}

bool PeriodicTasks::create(const Entry& entry, Time due) noexcept {
  try {
    const Scope scope{
        Context::new_trace({.baggage = entry.context.baggage()}).with(entry.context.fields())};
    CreateOptions options = entry.options.create;
    options.job_id.clear();
    options.deduplication_key = entry.key + '@' + std::to_string(since_1970(due).count());
    tasks_.create_task(entry.name, entry.payload, std::move(options));
    return true;
  } catch (const std::exception& error) {
    static Logger log = logger("worker");
    log.every(std::chrono::minutes(1))
        .error({{"action", "periodic"}, {"task_name", entry.name}}, "could not be created: {}",
               error);
    return false;
  }
}

}  // namespace waybill::worker
