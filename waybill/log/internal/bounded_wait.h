// BoundedWait: waits for a full pipe or socket a little, and not for one that stays full.
#pragma once

#include <chrono>

namespace waybill::internal {

class BoundedWait {
 public:
  explicit BoundedWait(std::chrono::milliseconds longest = std::chrono::milliseconds(100)) noexcept
      : longest_(longest) {}

  // Until something can be written to the descriptor. False at once when the last wait was in vain
  // and nothing has been written since.
  bool until_writable(int descriptor) noexcept;

  void has_written() noexcept { in_vain_ = false; }

 private:
  std::chrono::milliseconds longest_;
  bool in_vain_ = false;
};

}  // namespace waybill::internal
