// A port for a server that a test starts.
#pragma once

#include <cstdint>
#include <random>

namespace waybill::test {

// One that is probably free. Not of those that the system gives to connections: it stays so while
// nobody listens.
inline std::uint16_t some_port() {
  static std::mt19937 random{std::random_device{}()};
  return static_cast<std::uint16_t>(std::uniform_int_distribution(10'000, 32'000)(random));
}

}  // namespace waybill::test
