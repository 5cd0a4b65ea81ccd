// What loggers share: their names and levels, and the outputs of the process.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/log/logging.h>

namespace waybill::internal {

// Lives until the process ends, so that a logger may be used in any static destructor.
struct NamedLogger {
  std::string name;
  std::atomic<Level> level;
  bool has_own_level = false;  // under the registry's lock
};

const NamedLogger& find_or_add_logger(std::string_view name);

// The current set-up. Never null, never freed: no lock is held while records are written.
const LogOptions& log_options() noexcept;

void count_dropped_record() noexcept;

}  // namespace waybill::internal
