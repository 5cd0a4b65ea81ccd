#include <algorithm>
#include <utility>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/internal/baggage_check.h>
#include <waybill/propagation/internal/baggage_reader.h>
#include <waybill/propagation/internal/baggage_text.h>

namespace waybill {
namespace {

using internal::BaggageItem;
using internal::has_baggage_key;
using internal::split_baggage_member;
using internal::take_baggage_member;

std::string decoded(std::string_view value) {
  std::string storage;
  return std::string(internal::decode_baggage_value(value, storage));
}

std::optional<std::string> get_last(std::string_view members, std::string_view key) {
  std::string storage;
  const std::string_view spelled = internal::spell_baggage_key(key, storage);
  std::string_view last;
  while (!members.empty()) {
    const std::string_view member = take_baggage_member(members);
    if (has_baggage_key(member, spelled)) last = member;
  }
  if (last.empty()) return std::nullopt;
  return decoded(split_baggage_member(last).value);
}

// The member as it is spelled in a list; "" when it cannot be.
std::string spell_member(std::string_view key, std::string_view value,
                         const std::vector<Baggage::Property>& properties) {
  std::string text;
  std::string storage;
  if (key.size() > Baggage::kMaxSize || value.size() > Baggage::kMaxSize) return text;
  const std::string_view spelled = internal::spell_baggage_key(key, storage);
  if (spelled.empty()) return text;
  text.reserve(spelled.size() + value.size() + 1);
  text += spelled;
  text += '=';
  internal::append_baggage_value(value, text);
  for (const Baggage::Property& property : properties) {
    const std::string_view name = internal::spell_baggage_key(property.key, storage);
    if (name.empty()) continue;
    if (text.size() > Baggage::kMaxSize) return {};
    text += ';';
    text += name;
    if (!property.value) continue;
    text += '=';
    internal::append_baggage_value(*property.value, text);
  }
  return text;
}

void append_to_list(std::string& list, std::string_view member) {
  if (!list.empty()) list += ',';
  list += member;
}

struct Occurrences {
  std::size_t of_key = 0;
  std::size_t of_others = 0;
};

Occurrences count_members(std::string_view list, std::string_view key) noexcept {
  Occurrences count;
  while (!list.empty()) {
    ++(has_baggage_key(take_baggage_member(list), key) ? count.of_key : count.of_others);
  }
  return count;
}

// The list with `newest`, or nothing, in place of the first member with the key, without the others
// that have it.
std::string replace_members(std::string_view list, std::string_view key, std::string_view newest) {
  std::string changed;
  changed.reserve(list.size() + newest.size());
  while (!list.empty()) {
    std::string_view member = take_baggage_member(list);
    if (has_baggage_key(member, key)) member = std::exchange(newest, {});
    if (!member.empty()) append_to_list(changed, member);
  }
  return changed;
}

std::vector<Baggage::Property> decode_properties(std::string_view list) {
  std::vector<Baggage::Property> properties;
  while (!list.empty()) {
    const BaggageItem property = internal::take_baggage_property(list);
    properties.push_back({std::string(property.key)});
    if (property.value.data() != nullptr) properties.back().value = decoded(property.value);
  }
  return properties;
}

}  // namespace

NormalizedBaggage normalize_baggage(std::string_view header, std::string& storage) {
  if (header.empty() || internal::is_plain_baggage(header)) return {header};
  if (header.size() > Baggage::kMaxHeaderSize) return {{}, 0, 1};
  internal::BaggageMembers members = internal::read_baggage_members(header);
  if (members.text == header) return {header};
  storage = std::move(members.text);
  return {storage, members.malformed, members.too_long};
}

Baggage Baggage::parse(std::string_view header) {
  Baggage baggage;
  const std::string_view normal = normalize_baggage(header, baggage.text_).text;
  if (normal.data() != baggage.text_.data()) baggage.text_ = normal;
  return baggage;
}

Baggage Baggage::of(const Context& context) {
  return parse(context.baggage());
}

std::optional<std::string> Baggage::get(std::string_view key) const {
  return get_last(text_, key);
}

bool Baggage::set(std::string_view key, std::string_view value,
                  const std::vector<Property>& properties) {
  const std::string newest = spell_member(key, value, properties);
  if (newest.empty()) return false;
  const std::string_view spelled = split_baggage_member(newest).key;
  const Occurrences found = count_members(text_, spelled);
  if (found.of_others == kMaxMembers) return false;
  if (found.of_key != 0) {
    std::string changed = replace_members(text_, spelled, newest);
    if (changed.size() > kMaxSize) return false;
    text_ = std::move(changed);
    return true;
  }
  if (text_.size() + !text_.empty() + newest.size() > kMaxSize) return false;
  append_to_list(text_, newest);
  return true;
}

bool Baggage::remove(std::string_view key) {
  std::string storage;
  const std::string_view spelled = internal::spell_baggage_key(key, storage);
  if (count_members(text_, spelled).of_key == 0) return false;
  text_ = replace_members(text_, spelled, {});
  return true;
}

std::vector<Baggage::Member> Baggage::members() const {
  std::vector<Member> all;
  all.reserve(size());
  for (std::string_view rest = text_; !rest.empty();) {
    const BaggageItem member = split_baggage_member(take_baggage_member(rest));
    all.push_back(
        {std::string(member.key), decoded(member.value), decode_properties(member.properties)});
  }
  return all;
}

std::size_t Baggage::size() const noexcept {
  if (text_.empty()) return 0;
  return 1 + static_cast<std::size_t>(std::count(text_.begin(), text_.end(), ','));
}

Baggage::KeyAndValue Baggage::take_member(std::string_view& rest, std::string& storage) {
  const BaggageItem member = split_baggage_member(take_baggage_member(rest));
  return {member.key, internal::decode_baggage_value(member.value, storage)};
}

std::optional<std::string> get_baggage(const Context& context, std::string_view key) {
  std::string storage;
  return get_last(normalize_baggage(context.baggage(), storage).text, key);
}

Context set_baggage(const Context& context, std::string_view key, std::string_view value,
                    const std::vector<Baggage::Property>& properties) {
  Baggage baggage = Baggage::of(context);
  if (!baggage.set(key, value, properties)) return context;
  return context.with_baggage(baggage.to_string());
}

Context remove_baggage(const Context& context, std::string_view key) {
  Baggage baggage = Baggage::of(context);
  if (!baggage.remove(key)) return context;
  return context.with_baggage(baggage.to_string());
}

}  // namespace waybill
