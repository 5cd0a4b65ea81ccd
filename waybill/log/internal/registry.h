// What loggers share: their names and levels.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include <waybill/log/level.h>

namespace waybill::internal {

// Lives until the process ends, so that a logger may be used in any static destructor.
struct NamedLogger {
  std::string name;
  std::atomic<Level> level;
  bool has_own_level = false;  // under the registry's lock
};

const NamedLogger& find_or_add_logger(std::string_view name);

}  // namespace waybill::internal
