// What the spdlog bridge adds to a record, for the benchmarks of log.
#pragma once

#include "bench/harness.h"

namespace bench {

void add_spdlog_bridge(Suite& suite);

}  // namespace bench
