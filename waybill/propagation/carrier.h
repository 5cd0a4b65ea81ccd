// Carrier: whatever text keys and values can be written to and read from: HTTP headers, message
// headers, environment variables.
//
//   std::map<std::string, std::string> headers;
//   waybill::MapCarrier carrier(headers);
//   waybill::inject(waybill::Context::current(), carrier);
//
// A carrier *refers* to the container it reads and writes, which must outlive it, and is as
// thread-safe as that container. To carry a context in anything else, derive from Carrier: get()
// and set() are enough where a key has one value; offer_all() makes reading fast.
#pragma once

#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <waybill/propagation/header_lookup.h>

namespace waybill {

class Carrier {
 public:
  virtual ~Carrier() = default;

  // The first value of `key`, empty where there is none. HTTP-like carriers compare names without
  // regard to case. The view is valid until the container changes.
  virtual std::optional<std::string_view> get(std::string_view key) const = 0;

  // All values of `key` joined by "," (RFC 9110 section 5.3); "" where there is none. Without an
  // override: the first value.
  virtual std::string get_joined(std::string_view key) const;

  // Offers every header to the lookup, in order. Without an override: false, as for a carrier that
  // cannot walk through what it holds; it is then asked for one name after the other.
  virtual bool offer_all(HeaderLookup& lookup) const;

  // Replaces all former values of `key`.
  virtual void set(std::string_view key, std::string_view value) = 0;

  // Takes out all values of `key`. Without an override: leaves an empty one where there was one,
  // which readers of the headers written here take for none.
  virtual void remove(std::string_view key);

 protected:
  Carrier() = default;
  Carrier(const Carrier&) = default;
  Carrier& operator=(const Carrier&) = default;
};

namespace detail {
// Of texts of one size.
bool equal_after_folding(std::string_view a, std::string_view b) noexcept;
}  // namespace detail

// Whether two names are the same but for the case of ASCII letters, as HTTP field names compare
// (RFC 9110 section 5.1).
inline bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  // Most names that are compared are not the same, and differ in one of these.
  if (a.size() != b.size()) return false;
  return a.empty() || (((a[0] ^ b[0]) & 0x1f) == 0 && detail::equal_after_folding(a, b));
}

// A std::map, std::unordered_map, std::multimap or the like, from std::string to std::string. Names
// are found as they are spelled, else without regard to case. Over a const map: for reading; set()
// and remove() do nothing.
template <class Map>
class MapCarrier final : public Carrier {
 public:
  explicit MapCarrier(Map& map) noexcept : map_(&map) {}

  std::optional<std::string_view> get(std::string_view key) const override {
    auto found = map_->find(std::string(key));
    if (found == map_->end()) {
      found = map_->begin();
      while (found != map_->end() && !equal_ignoring_case(found->first, key)) ++found;
    }
    if (found == map_->end()) return std::nullopt;
    return std::string_view(found->second);
  }

  std::string get_joined(std::string_view key) const override {
    std::string joined;
    bool any = false;
    for (const auto& [name, value] : *map_) {
      if (!equal_ignoring_case(name, key)) continue;
      if (any) joined += ',';
      joined += value;
      any = true;
    }
    return joined;
  }

  bool offer_all(HeaderLookup& lookup) const override {
    for (const auto& [name, value] : *map_) lookup.offer(name, value);
    return true;
  }

  void set(std::string_view key, std::string_view value) override {
    if constexpr (!std::is_const_v<Map>) {
      remove(key);
      map_->emplace(std::string(key), std::string(value));
    }
  }

  void remove(std::string_view key) override {
    if constexpr (!std::is_const_v<Map>) {
      for (auto entry = map_->begin(); entry != map_->end();) {
        entry = equal_ignoring_case(entry->first, key) ? map_->erase(entry) : std::next(entry);
      }
    }
  }

 private:
  Map* map_;
};

// A list of headers in which a name may stand several times, as HTTP has it. Names are compared
// without regard to case.
class HeaderListCarrier final : public Carrier {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  explicit HeaderListCarrier(Headers& headers) noexcept : headers_(&headers), writable_(&headers) {}
  // For reading; set() and remove() do nothing.
  explicit HeaderListCarrier(const Headers& headers) noexcept : headers_(&headers) {}

  std::optional<std::string_view> get(std::string_view key) const override;
  std::string get_joined(std::string_view key) const override;
  bool offer_all(HeaderLookup& lookup) const override;
  // The first of the former values keeps its place in the list.
  void set(std::string_view key, std::string_view value) override;
  void remove(std::string_view key) override;

 private:
  const Headers* headers_;
  Headers* writable_ = nullptr;
};

}  // namespace waybill
