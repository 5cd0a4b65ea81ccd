// HeaderLookup: what a propagator looks for among the headers of a message. For those who write
// carriers: a carrier that can walk through its headers offers each of them, once, and need not be
// searched for one name after the other.
//
//   bool MyCarrier::offer_all(HeaderLookup& lookup) const {
//     for (const auto& [name, value] : headers_) lookup.offer(name, value);
//     return true;
//   }
//
// Names are compared without regard to case. The lookup keeps views of the values: they must stay
// where they are until the extraction that made the lookup is over. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill {

class Carrier;

namespace internal {
class HeaderTable;
}

class HeaderLookup {
 public:
  static constexpr std::size_t kMaxHeaders = 32;
  // Of headers that are known by the beginning of their name alone.
  static constexpr std::size_t kMaxPrefixed = 64;

  struct Prefixed {
    std::string_view key;  // what follows the prefix
    std::string_view value;
  };

  explicit HeaderLookup(const internal::HeaderTable& table) noexcept;
  HeaderLookup(const HeaderLookup&) = delete;
  HeaderLookup& operator=(const HeaderLookup&) = delete;

  void offer(std::string_view name, std::string_view value) {
    if (name.empty()) return;
    const int letter = name[0] & 31;
    const bool fits =
        name.size() <= kMaxNameSize && (sizes_ >> name.size() & letters_ >> letter & 1) != 0;
    if (fits || letter == prefix_letter_) take(name, value);
  }

  // For a carrier that cannot walk: gets each header by its name.
  void ask(const Carrier& carrier);

  // By the header's number in the table; as a set of bits, all that were found.
  std::uint32_t found() const noexcept { return found_; }
  bool has(std::size_t header) const noexcept { return (found_ >> header & 1) != 0; }
  bool is_repeated(std::size_t header) const noexcept { return (repeated_ >> header & 1) != 0; }
  // The value, or all of them with commas between; empty where there is none.
  std::string_view value(std::size_t header) const noexcept {
    if (!has(header)) return {};
    if (is_repeated(header)) return joined_value(header);
    return {values_[header].text, values_[header].size};
  }

  bool has_any() const noexcept { return found_ != 0 || rare_ != nullptr; }
  // Those that have the prefix, in their order.
  std::span<const Prefixed> prefixed() const noexcept {
    return rare_ != nullptr ? std::span<const Prefixed>(rare_->prefixed)
                            : std::span<const Prefixed>();
  }

 private:
  static constexpr std::size_t kMaxNameSize = 63;

  // Without initialisers: clearing all of them would cost more than most extractions.
  struct Value {
    const char* text;
    std::size_t size;
  };
  // What most messages do not have.
  struct Rare {
    std::vector<std::pair<std::size_t, std::string>> joined;  // of the headers that are repeated
    std::vector<Prefixed> prefixed;
  };

  void take(std::string_view name, std::string_view value);
  void take_prefixed(std::string_view name, std::string_view value);
  void add(std::size_t header, std::string_view value) {
    if (has(header)) return add_repeated(header, value);
    found_ |= std::uint32_t{1} << header;
    values_[header] = {value.data(), value.size()};
  }
  void add_repeated(std::size_t header, std::string_view value);
  std::string_view joined_value(std::size_t header) const noexcept;
  Rare& rare();

  const internal::HeaderTable& table_;
  // Which sizes and first letters names have that are worth a closer look.
  std::uint64_t sizes_;
  std::uint64_t letters_;
  int prefix_letter_;
  std::uint32_t found_ = 0;
  std::uint32_t repeated_ = 0;
  std::unique_ptr<Rare> rare_;
  std::array<Value, kMaxHeaders> values_;
};

}  // namespace waybill
