#include <array>
#include <charconv>
#include <limits>
#include <string>

#include <waybill/core/ascii.h>
#include <waybill/init/internal/quantity.h>

namespace waybill::internal {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

constexpr std::uint64_t kKibi = 1024;
constexpr std::array kByteUnits = {Unit{"", 1},
                                   Unit{"b", 1},
                                   Unit{"kb", 1000},
                                   Unit{"mb", 1'000'000},
                                   Unit{"gb", 1'000'000'000},
                                   Unit{"kib", kKibi},
                                   Unit{"mib", kKibi* kKibi},
                                   Unit{"gib", kKibi* kKibi* kKibi}};

constexpr std::uint64_t kSecond = 1'000'000;  // microseconds
constexpr std::array kTimeUnits = {Unit{"us", 1},
                                   Unit{"ms", 1000},
                                   Unit{"s", kSecond},
                                   Unit{"m", 60 * kSecond},
                                   Unit{"min", 60 * kSecond},
                                   Unit{"h", 3600 * kSecond},
                                   Unit{"d", 86'400 * kSecond}};

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 63;
constexpr std::uint64_t kMostTime = 100ULL * 366 * 86'400 * kSecond;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Takes a number and its unit off the front of `text`. Empty where there is none, and beyond
// `most`.
template <std::size_t kCount>
std::optional<std::uint64_t> take_quantity(std::string_view& text,
                                           const std::array<Unit, kCount>& units,
                                           std::uint64_t most) noexcept {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(after - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);

  char lowercase[4];
  std::size_t size = 0;
  while (size < text.size() && !is_digit(text[size])) {
    if (size == sizeof lowercase) return std::nullopt;
    lowercase[size] = ascii::lowercase(text[size]);
    ++size;
  }
  text.remove_prefix(size);
  for (const Unit& unit : units) {
    if (unit.name != std::string_view(lowercase, size)) continue;
    if (number > most / unit.size) return std::nullopt;
    return number * unit.size;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) noexcept {
  const auto bytes = take_quantity(text, kByteUnits, kMostBytes);
  return text.empty() ? bytes : std::nullopt;
}

std::optional<std::chrono::microseconds> parse_duration(std::string_view text) noexcept {
  if (text == "0") return std::chrono::microseconds(0);
  if (text.empty()) return std::nullopt;
  std::uint64_t sum = 0;
  while (!text.empty()) {
    const auto part = take_quantity(text, kTimeUnits, kMostTime);
    if (!part || *part > kMostTime - sum) return std::nullopt;
    sum += *part;
  }
  return std::chrono::microseconds(sum);
}

}  // namespace waybill::internal
