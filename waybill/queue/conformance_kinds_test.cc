// The tests in conformance/, for the kinds of queue of this room.

#include <waybill/queue/conformance/conformance.h>
#include <waybill/queue/internal/test_directory.h>

namespace waybill::queue {

std::vector<ConformanceKind> conformance_kinds() {
  const auto directory = std::make_shared<internal::TestDirectory>();
  return {{"memory", [](const std::string& queue) { return "memory:" + queue; }},
          {"sqlite", [directory](const std::string& queue) {
             return "sqlite:" + directory->file("queue.db") + "?queue=" + queue;
           }}};
}

}  // namespace waybill::queue
