#include <algorithm>
#include <cstddef>
#include <vector>

#include <waybill/core/ascii.h>
#include <waybill/core/hex.h>
#include <waybill/trace/internal/ot_tracestate.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kDigits = 14;
constexpr std::size_t kMostMembers = 32;
constexpr std::size_t kMostSize = 512;
constexpr std::size_t kLongMember = 128;
constexpr std::size_t kMostOtSize = 256;  // of the value

// Takes what is before the next separator off the front of a list.
std::string_view take(std::string_view& list, char separator) noexcept {
  const std::string_view part = list.substr(0, list.find(separator));
  list.remove_prefix(std::min(list.size(), part.size() + 1));
  return part;
}

bool is_ot(std::string_view member) noexcept {
  return member.starts_with("ot=");
}
bool is_threshold(std::string_view item) noexcept {
  return item.starts_with("th:");
}

// The value of the first member `ot`, which is the newest.
std::string_view ot_value(std::string_view tracestate) noexcept {
  while (!tracestate.empty()) {
    const std::string_view member = ascii::trimmed(take(tracestate, ','));
    if (is_ot(member)) return member.substr(3);
  }
  return {};
}

// As if zeros followed, up to 14 digits.
std::optional<std::uint64_t> read_digits(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() > kDigits) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    const int digit = hex::lowercase_digit(c);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(digit);
  }
  return value << 4 * (kDigits - digits.size());
}

std::string threshold_item(std::uint64_t threshold) {
  std::string item = "th:";
  do {
    item += "0123456789abcdef"[threshold >> 52 & 0xf];
    threshold = threshold << 4 & (kAllRandomness - 1);
  } while (threshold != 0);
  return item;
}

// "ot=" and the items; empty where there are none.
std::string ot_member(std::string_view value, std::optional<std::uint64_t> threshold) {
  std::string others;
  while (!value.empty()) {
    const std::string_view item = ascii::trimmed(take(value, ';'));
    if (!item.empty() && !is_threshold(item)) others.append(";").append(item);
  }
  std::string member = "ot=";
  if (threshold) {
    member += threshold_item(*threshold);
    // Where it does not fit, the probability is unknown to others.
    if (member.size() - 3 + others.size() > kMostOtSize) member.resize(3);
  }
  if (others.empty()) return member.size() > 3 ? member : std::string();
  return member.append(others, member.size() > 3 ? 0 : 1, std::string::npos);
}

}  // namespace

OtTracestate read_ot_tracestate(std::string_view tracestate) noexcept {
  OtTracestate read;
  std::string_view value = ot_value(tracestate);
  while (!value.empty()) {
    const std::string_view item = ascii::trimmed(take(value, ';'));
    if (is_threshold(item) && !read.has_threshold) {
      read.has_threshold = true;
      read.threshold = read_digits(item.substr(3));
    } else if (item.starts_with("rv:") && item.size() == 3 + kDigits && !read.randomness) {
      read.randomness = read_digits(item.substr(3));
    }
  }
  return read;
}

std::string with_threshold(std::string_view tracestate, std::optional<std::uint64_t> threshold) {
  std::string text = ot_member(ot_value(tracestate), threshold);
  std::vector<std::string_view> members;
  std::size_t size = text.size();
  for (std::string_view rest = tracestate; !rest.empty();) {
    const std::string_view member = ascii::trimmed(take(rest, ','));
    if (member.empty() || is_ot(member)) continue;
    members.push_back(member);
    size += member.size() + (size == 0 ? 0 : 1);
  }

  if (size > kMostSize) {
    std::erase_if(members, [&size](std::string_view member) {
      if (size <= kMostSize || member.size() <= kLongMember) return false;
      size -= member.size() + 1;
      return true;
    });
  }
  while (!members.empty() &&
         (size > kMostSize || members.size() + (text.empty() ? 0 : 1) > kMostMembers)) {
    size -= members.back().size() + 1;
    members.pop_back();
  }
  for (const std::string_view member : members) {
    if (!text.empty()) text += ',';
    text += member;
  }
  return text;
}

}  // namespace waybill::internal
