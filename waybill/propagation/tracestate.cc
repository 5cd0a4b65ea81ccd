#include <algorithm>
#include <cstdint>

#include <waybill/propagation/internal/plain_tracestate.h>
#include <waybill/propagation/internal/readers.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/internal/tracestate_members.h>
#include <waybill/propagation/tracestate.h>

namespace waybill {
namespace {

using internal::TracestateMembers;
using internal::TracestateSlice;

// Takes the first member off a list in normal form that is not empty.
Tracestate::Member take_member(std::string_view& list) noexcept {
  const std::string_view member = list.substr(0, list.find(','));
  list.remove_prefix(std::min(list.size(), member.size() + 1));
  const std::size_t equals = member.find('=');
  return {member.substr(0, equals), member.substr(equals + 1)};
}

// The key, and what follows it in the same text: "=" and the value.
TracestateSlice slice_of(std::string_view key, std::string_view value) noexcept {
  return {key.data(), static_cast<std::uint32_t>(key.size()),
          static_cast<std::uint32_t>(value.size())};
}

TracestateMembers::Result normalize(std::string_view header, std::string& storage,
                                    std::string_view* normal) {
  if (internal::is_plain_tracestate(header)) {
    *normal = header;
    return TracestateMembers::Result::kValid;
  }
  TracestateMembers members;
  const TracestateMembers::Result result = members.read(header);
  if (result != TracestateMembers::Result::kValid) return result;
  if (members.is_normal() && header.size() <= Tracestate::kMaxSize) {
    *normal = header;
  } else {
    // Through a string of its own: `header` may be a view into `storage`.
    storage = members.join(0);
    *normal = storage;
  }
  return result;
}

}  // namespace

std::optional<std::string_view> normalize_tracestate(std::string_view header,
                                                     std::string& storage) {
  std::string_view normal;
  const auto result = normalize(header, storage, &normal);
  if (result != TracestateMembers::Result::kValid) return std::nullopt;
  return normal;
}

std::string_view internal::read_tracestate(std::string_view text, std::string& storage) {
  std::string_view normal;
  switch (normalize(text, storage, &normal)) {
    case TracestateMembers::Result::kValid:
      break;
    case TracestateMembers::Result::kMalformed:
      count_rejection(&RejectionCounts::tracestate_malformed);
      break;
    case TracestateMembers::Result::kTooLong:
      count_rejection(&RejectionCounts::tracestate_too_long);
      break;
  }
  return normal;
}

std::optional<Tracestate> Tracestate::parse(std::string_view header) {
  std::string storage;
  const auto normal = normalize_tracestate(header, storage);
  if (!normal) return std::nullopt;
  Tracestate state;
  state.text_ = *normal;
  return state;
}

bool Tracestate::is_valid_key(std::string_view key) noexcept {
  return key.size() <= kMaxKeySize && internal::has_tracestate_key_characters(key);
}

bool Tracestate::is_valid_value(std::string_view value) noexcept {
  return value.size() <= kMaxValueSize && internal::has_tracestate_value_characters(value);
}

std::optional<std::string_view> Tracestate::get(std::string_view key) const noexcept {
  for (std::string_view rest = text_; !rest.empty();) {
    const Member member = take_member(rest);
    if (member.key == key) return member.value;
  }
  return std::nullopt;
}

bool Tracestate::set(std::string_view key, std::string_view value) {
  if (!is_valid_key(key) || !is_valid_value(value)) return false;
  std::string newest(key);
  newest += '=';
  newest += value;

  TracestateMembers changed;
  changed.add(slice_of({newest.data(), key.size()}, value));
  for (std::string_view rest = text_; !rest.empty() && changed.size() < kMaxMembers;) {
    const Member member = take_member(rest);
    changed.add(slice_of(member.key, member.value));
  }
  text_ = changed.join(1);
  return true;
}

bool Tracestate::remove(std::string_view key) {
  if (!get(key)) return false;
  TracestateMembers kept;
  for (std::string_view rest = text_; !rest.empty();) {
    const Member member = take_member(rest);
    if (member.key != key) kept.add(slice_of(member.key, member.value));
  }
  text_ = kept.join(0);
  return true;
}

std::vector<Tracestate::Member> Tracestate::members() const {
  std::vector<Member> all;
  for (std::string_view rest = text_; !rest.empty();) all.push_back(take_member(rest));
  return all;
}

}  // namespace waybill
