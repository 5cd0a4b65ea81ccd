#include <map>
#include <mutex>

#include <waybill/queue/internal/find_kind.h>
#include <waybill/queue/kinds.h>

namespace waybill::queue {

namespace {

struct Kinds {
  std::mutex mutex;
  std::map<std::string_view, OpenFunction> by_scheme;
};

Kinds& kinds() {
  static Kinds all;
  return all;
}

}  // namespace

void add_kind(std::string_view scheme, OpenFunction open_function) {
  const std::lock_guard lock(kinds().mutex);
  kinds().by_scheme.insert_or_assign(scheme, open_function);
}

OpenFunction internal::find_kind(std::string_view scheme) {
  const std::lock_guard lock(kinds().mutex);
  const auto found = kinds().by_scheme.find(scheme);
  return found == kinds().by_scheme.end() ? nullptr : found->second;
}

}  // namespace waybill::queue
