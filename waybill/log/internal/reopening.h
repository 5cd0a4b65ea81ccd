// The wish that log files be opened anew: who has it counts it up, each file looks at the count.
#pragma once

#include <cstdint>

namespace waybill::internal {

std::uint64_t reopen_requests() noexcept;

// From now on SIGHUP is such a wish; what handled the signal before is called, too. Throws Error
// when the system refuses.
void reopen_on_sighup();

}  // namespace waybill::internal
