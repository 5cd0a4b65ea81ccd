// Descriptor: a file descriptor that closes itself.
#pragma once

#include <utility>

#include <unistd.h>

namespace waybill::internal {

class Descriptor {
 public:
  constexpr Descriptor() noexcept = default;
  explicit constexpr Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (is_open()) ::close(number_);
  }

  int get() const noexcept { return number_; }
  bool is_open() const noexcept { return number_ >= 0; }

 private:
  int number_ = -1;
};

}  // namespace waybill::internal
