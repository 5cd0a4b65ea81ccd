#include <algorithm>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/internal/baggage_reader.h>
#include <waybill/propagation/internal/baggage_text.h>
#include <waybill/propagation/internal/header_text.h>

namespace waybill::internal {
namespace {

// Takes the text before the first `separator` off the list, and that with it.
std::string_view take_trimmed(char separator, std::string_view& list) noexcept {
  const std::string_view first = list.substr(0, list.find(separator));
  list.remove_prefix(std::min(list.size(), first.size() + 1));
  return trim(first);
}

// Appends "key=value" without the spaces. False, and what was appended is unspecified, when it is
// malformed.
bool append_pair(std::string_view pair, std::size_t equals, std::string& out) {
  const std::string_view key = trim(pair.substr(0, equals));
  const std::string_view value = trim(pair.substr(equals + 1));
  if (key.empty() || !kTokenCharacters.contains_all(key)) return false;
  if (!kBaggageOctets.contains_all(value) || !has_whole_escapes(value)) return false;
  out += key;
  out += '=';
  out += value;
  return true;
}

// These are given no empty text.
bool append_property(std::string_view property, std::string& out) {
  out += ';';
  const std::size_t equals = property.find('=');
  if (equals != std::string_view::npos) return append_pair(property, equals, out);
  out += property;
  return kTokenCharacters.contains_all(property);
}

bool append_member(std::string_view member, std::string& out) {
  const std::string_view pair = take_trimmed(';', member);
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos || !append_pair(pair, equals, out)) return false;
  while (!member.empty()) {
    const std::string_view property = take_trimmed(';', member);
    if (!property.empty() && !append_property(property, out)) return false;
  }
  return true;
}

}  // namespace

BaggageMembers read_baggage_members(std::string_view header) {
  BaggageMembers members;
  std::string& text = members.text;
  text.reserve(std::min(header.size(), Baggage::kMaxSize));
  for (std::size_t kept = 0; !header.empty();) {
    const std::string_view member = take_trimmed(',', header);
    if (member.empty()) continue;
    const std::size_t before = text.size();
    if (kept != 0) text += ',';
    const bool valid = append_member(member, text);
    if (valid && kept < Baggage::kMaxMembers && text.size() <= Baggage::kMaxSize) {
      ++kept;
      continue;
    }
    text.resize(before);
    ++(valid ? members.too_long : members.malformed);
  }
  return members;
}

}  // namespace waybill::internal
