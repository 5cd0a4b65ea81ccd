// ConfigError: something that was asked for cannot be done. It keeps the context in which it was
// raised, so that a line about it has the run_id and the trace_id of its run, whoever logs it.
#pragma once

#include <stdexcept>

#include <waybill/error/with_context.h>

namespace backtest {

class ConfigError : public waybill::WithContext<std::runtime_error> {
  using WithContext::WithContext;
};

}  // namespace backtest
