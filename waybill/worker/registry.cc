#include <waybill/core/error.h>
#include <waybill/worker/registry.h>

namespace waybill::worker {

void Registry::add_task(Task task) {
  if (task.name.empty() || task.name.size() > 256) {
    throw Error::bad_option("task name", task.name, "1 to 256 bytes");
  }
  if (task.options.time_limit < std::chrono::milliseconds(0)) {
    throw Error::bad_option("time_limit", std::to_string(task.options.time_limit.count()) + " ms",
                            "0 or more");
  }
  check(task.options.retry);
  std::string name = task.name;
  if (!tasks_.try_emplace(name, std::move(task)).second) {
    throw Error::bad_option("task name", name, "one that is not registered yet");
  }
}

const Task* Registry::find(std::string_view name) const noexcept {
  const auto found = tasks_.find(name);
  return found != tasks_.end() ? &found->second : nullptr;
}

}  // namespace waybill::worker
