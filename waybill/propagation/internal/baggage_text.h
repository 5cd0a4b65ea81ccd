// How baggage is spelled (W3C Baggage section 3.3.1), and how to read and write lists in normal
// form: members divided by ",", their properties by ";", no spaces, nothing empty or malformed.
#pragma once

#include <string>
#include <string_view>

#include <waybill/propagation/internal/percent.h>

namespace waybill::internal {

// The characters of a key (RFC 7230 section 3.2.6), and of a value.
inline constexpr CharSet kTokenCharacters = CharSet::range('a', 'z') | CharSet::range('A', 'Z') |
                                            CharSet::range('0', '9') | CharSet("!#$%&'*+-.^_`|~");
inline constexpr CharSet kBaggageOctets = CharSet::range(0x21, 0x7e) - CharSet("\",;\\");

// The parts of a member, "key=value;properties", or of a property, which may be a key alone.
struct BaggageItem {
  std::string_view key;
  std::string_view value;  // as it is spelled; data() is null where there is no "="
  std::string_view properties;
};

// Takes the first member, or property, off a list in normal form that is not empty.
std::string_view take_baggage_member(std::string_view& members) noexcept;
BaggageItem take_baggage_property(std::string_view& properties) noexcept;

BaggageItem split_baggage_member(std::string_view member) noexcept;

inline bool has_baggage_key(std::string_view member, std::string_view key) noexcept {
  return member.size() > key.size() && member[key.size()] == '=' && member.starts_with(key);
}

// Whether every "%" has two hex digits behind it.
bool has_whole_escapes(std::string_view value) noexcept;

// The text that a value with whole escapes stands for. A view of `value` itself where it has no
// escapes, else into `storage`.
std::string_view decode_baggage_value(std::string_view value, std::string& storage);

// The key as it is spelled in a list: itself, or else into `storage`. Empty when it cannot be.
std::string_view spell_baggage_key(std::string_view key, std::string& storage);

void append_baggage_value(std::string_view value, std::string& out);

}  // namespace waybill::internal
