#include <fstream>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <waybill/pipeline/clock.h>

namespace waybill {

constinit std::atomic<bool> detail::clock_is_counter = false;

bool time_stamp_counter_is_reliable() noexcept {
#if defined(__x86_64__)
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  // Advanced Power Management Information, bit 8: invariant (Intel SDM, volume 3, "Invariant TSC").
  constexpr unsigned kInvariant = 1U << 8;
  if (__get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) == 0 || (edx & kInvariant) == 0) return false;
  try {
    std::ifstream sources("/sys/devices/system/clocksource/clocksource0/available_clocksource");
    for (std::string source; sources >> source;) {
      if (source == "tsc") return true;
    }
  } catch (...) {  // no memory: the other clock is right everywhere
  }
#endif
  return false;
}

}  // namespace waybill
