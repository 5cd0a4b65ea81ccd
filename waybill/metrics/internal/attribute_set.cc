#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include <waybill/core/ascii.h>
#include <waybill/core/ids.h>
#include <waybill/core/utf8.h>
#include <waybill/metrics/internal/attribute_set.h>

namespace waybill::internal {
namespace {

using Type = FieldValue::Type;

struct Seed {
  std::uint64_t first;
  std::uint64_t second;
};

constinit Seed seed = {};

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

template <class T>
std::uint64_t load(const char* p) noexcept {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

// Both words are whitened by the seed before they are multiplied: a zero that one can choose would
// take the other word out.
std::uint64_t hash_text(std::uint64_t hash, std::string_view text, const Seed& with) noexcept {
  const char* p = text.data();
  std::size_t left = text.size();
  hash ^= left * 0x9e3779b97f4a7c15U;
  while (left > 16) {
    hash = mix(load<std::uint64_t>(p) ^ with.first, load<std::uint64_t>(p + 8) ^ hash);
    p += 16;
    left -= 16;
  }
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (left >= 8) {
    low = load<std::uint64_t>(p);
    high = load<std::uint64_t>(p + left - 8);
  } else if (left >= 4) {
    low = load<std::uint32_t>(p);
    high = load<std::uint32_t>(p + left - 4);
  } else if (left > 0) {
    low = load<std::uint8_t>(p) << 16 | load<std::uint8_t>(p + left / 2) << 8 |
          load<std::uint8_t>(p + left - 1);
  }
  return mix(low ^ with.second, high ^ hash);
}

std::uint64_t word_of(const FieldValue& value) noexcept {
  switch (value.type()) {
    case Type::kString:
      break;
    case Type::kInt64:
      return static_cast<std::uint64_t>(value.as_int64());
    case Type::kUint64:
      return value.as_uint64();
    case Type::kDouble:
      return std::bit_cast<std::uint64_t>(value.as_double());
    case Type::kBool:
      return value.as_bool() ? 1 : 0;
  }
  return 0;
}

bool same_text(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         (a.data() == b.data() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

FieldValue signed_where_it_fits(const FieldValue& value) noexcept {
  if (value.type() != Type::kUint64) return value;
  if (value.as_uint64() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return value;
  }
  return FieldValue(static_cast<std::int64_t>(value.as_uint64()));
}

}  // namespace

void seed_hashes() noexcept {
  const TraceId random = TraceId::random();
  std::memcpy(&seed, random.bytes(), sizeof seed);
}

std::uint64_t hash_of(Fields attributes) noexcept {
  const Seed with = seed;
  std::uint64_t hash = with.first;
  for (const Field& field : attributes) {
    hash = hash_text(hash, field.key, with);
    if (field.value.type() == Type::kString) {
      hash = hash_text(hash, field.value.as_string(), with);
    } else {
      hash = mix(word_of(field.value) ^ with.second,
                 hash ^ static_cast<std::uint64_t>(field.value.type()) << 56);
    }
  }
  return hash;
}

bool same_spelling(Fields a, Fields b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const FieldValue& left = a[i].value;
    const FieldValue& right = b[i].value;
    if (left.type() != right.type() || !same_text(a[i].key, b[i].key)) return false;
    if (left.type() == Type::kString ? !same_text(left.as_string(), right.as_string())
                                     : word_of(left) != word_of(right)) {
      return false;
    }
  }
  return true;
}

bool names_a_trace(std::string_view key) noexcept {
  constexpr std::size_t kLongest = 16;
  char letters[kLongest];
  std::size_t size = 0;
  for (const char c : key) {
    const char lower = ascii::lowercase(c);
    if (!(lower >= 'a' && lower <= 'z') && !(lower >= '0' && lower <= '9')) continue;
    if (size == kLongest) return false;
    letters[size++] = lower;
  }
  const std::string_view plain(letters, size);
  for (const std::string_view name :
       {"traceid", "spanid", "parentspanid", "traceparent", "xtraceid", "xb3traceid", "xb3spanid",
        "ddtraceid", "ddspanid", "oteltraceid", "otelspanid", "xamzntraceid"}) {
    if (plain == name) return true;
  }
  return false;
}

CanonicalAttributes::CanonicalAttributes(Fields given) {
  for (const Field& field : given) {
    if (field.key.empty() || names_a_trace(field.key)) {
      ++refused_;
    } else {
      put(text(field.key), field.value.type() == Type::kString
                               ? FieldValue(text(field.value.as_string()))
                               : signed_where_it_fits(field.value));
    }
  }
  std::sort(fields_.begin(), fields_.begin() + static_cast<std::ptrdiff_t>(size_),
            [](const Field& a, const Field& b) { return a.key < b.key; });
}

void CanonicalAttributes::put(std::string_view key, const FieldValue& value) {
  for (std::size_t i = 0; i < size_; ++i) {
    if (fields_[i].key != key) continue;
    fields_[i].value = value;
    return;
  }
  if (size_ == kMost) {
    ++refused_;
  } else {
    fields_[size_++] = {key, value};
  }
}

std::string_view CanonicalAttributes::text(std::string_view given) {
  if (!is_utf8(given.substr(0, kLongestText + 4))) {
    // Cut before it is mended, so that what is long costs no more than what is kept of it.
    given = mended_.emplace_front(to_utf8(given.substr(0, kLongestText + 4)));
    if (given.size() <= kLongestText) return given;
  }
  if (given.size() <= kLongestText) return given;
  cut_ = true;
  std::size_t size = kLongestText;
  while (size > 0 && (static_cast<unsigned char>(given[size]) & 0xc0) == 0x80) --size;
  return given.substr(0, size);
}

std::vector<OwnedAttribute> CanonicalAttributes::owned() const {
  std::vector<OwnedAttribute> result;
  result.reserve(size_);
  for (const Field& field : fields()) {
    result.push_back({std::string(field.key), to_owned(AttributeValue(field.value))});
  }
  return result;
}

const Field& overflow_attribute() noexcept {
  static constexpr Field kOverflow{"otel.metric.overflow", true};
  return kOverflow;
}

}  // namespace waybill::internal
