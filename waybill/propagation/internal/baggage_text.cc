#include <algorithm>
#include <cstring>

#include <waybill/core/hex.h>
#include <waybill/core/utf8.h>
#include <waybill/propagation/internal/baggage_text.h>

namespace waybill::internal {
namespace {

constexpr CharSet kAscii = CharSet::range(0, 0x7f);
constexpr CharSet kPlainInValues = kBaggageOctets - CharSet("%");

// The list up to the first `separator`, which is taken off with it.
std::string_view take_until(char separator, std::string_view& list) noexcept {
  const std::string_view first = list.substr(0, list.find(separator));
  list.remove_prefix(std::min(list.size(), first.size() + 1));
  return first;
}

BaggageItem split_at_equals(std::string_view text) noexcept {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {text, {}, {}};
  return {text.substr(0, equals), text.substr(equals + 1), {}};
}

}  // namespace

std::string_view take_baggage_member(std::string_view& members) noexcept {
  return take_until(',', members);
}

BaggageItem split_baggage_member(std::string_view member) noexcept {
  BaggageItem parts = split_at_equals(take_until(';', member));
  parts.properties = member;
  return parts;
}

BaggageItem take_baggage_property(std::string_view& properties) noexcept {
  return split_at_equals(take_until(';', properties));
}

bool has_whole_escapes(std::string_view value) noexcept {
  for (std::size_t at = value.find('%'); at != std::string_view::npos; at = value.find('%', at)) {
    if (value.size() - at < 3) return false;
    if ((hex::digit(value[at + 1]) | hex::digit(value[at + 2])) < 0) return false;
    at += 3;
  }
  return true;
}

std::string_view decode_baggage_value(std::string_view value, std::string& storage) {
  if (value.find('%') == std::string_view::npos) return value;
  storage.clear();
  decode_percent(value, storage);
  if (!kAscii.contains_all(storage)) storage = to_utf8(storage);
  return storage;
}

std::string_view spell_baggage_key(std::string_view key, std::string& storage) {
  if (kTokenCharacters.contains_all(key)) return key;
  if (!kAscii.contains_all(key)) return {};
  storage.clear();
  encode_percent(key, storage, kTokenCharacters);
  return storage;
}

void append_baggage_value(std::string_view value, std::string& out) {
  encode_percent(value, out, kPlainInValues);
}

}  // namespace waybill::internal
