#include <algorithm>

#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/tracestate_members.h>

namespace waybill::internal {
namespace {

enum CharClass : std::uint8_t { kKeyStart = 1, kKeyChar = 2, kValueChar = 4 };

constexpr std::array<std::uint8_t, 256> kCharClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0x20; c <= 0x7e; ++c) classes[c] = kValueChar;
  classes[','] = 0;
  classes['='] = 0;
  for (std::size_t c = 'a'; c <= 'z'; ++c) classes[c] |= kKeyStart | kKeyChar;
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] |= kKeyStart | kKeyChar;
  for (const char c : {'_', '-', '*', '/', '@'}) classes[static_cast<std::size_t>(c)] |= kKeyChar;
  return classes;
}();

bool is(char c, CharClass char_class) noexcept {
  return (kCharClasses[static_cast<unsigned char>(c)] & char_class) != 0;
}

const char* skip(const char* p, const char* end, CharClass char_class) noexcept {
  for (; end - p >= 4; p += 4) {
    if (!is(p[0], char_class)) return p;
    if (!is(p[1], char_class)) return p + 1;
    if (!is(p[2], char_class)) return p + 2;
    if (!is(p[3], char_class)) return p + 3;
  }
  while (p != end && is(*p, char_class)) ++p;
  return p;
}

const char* skip_whitespace(const char* p, const char* end) noexcept {
  while (p != end && is_whitespace(*p)) ++p;
  return p;
}

// Reads the key, "=" and value that begin at `p`, which is not the end; returns where they end, or
// null. Spaces behind the value are no part of it, those before it are.
const char* read_member(const char* p, const char* end, TracestateSlice* member) noexcept {
  const char* key = p;
  if (!is(*p, kKeyStart)) return nullptr;
  p = skip(p + 1, end, kKeyChar);
  if (p == end || *p != '=') return nullptr;
  const auto key_size = static_cast<std::size_t>(p - key);

  const char* value = p + 1;
  p = skip(value, end, kValueChar);
  while (p != value && p[-1] == ' ') --p;
  const auto value_size = static_cast<std::size_t>(p - value);

  if (key_size > Tracestate::kMaxKeySize) return nullptr;
  if (value_size == 0 || value_size > Tracestate::kMaxValueSize) return nullptr;
  *member = {key, static_cast<std::uint32_t>(key_size), static_cast<std::uint32_t>(value_size)};
  return p;
}

}  // namespace

bool has_tracestate_key_characters(std::string_view key) noexcept {
  const char* const end = key.data() + key.size();
  return !key.empty() && is(key[0], kKeyStart) && skip(key.data(), end, kKeyChar) == end;
}

bool has_tracestate_value_characters(std::string_view value) noexcept {
  const char* const end = value.data() + value.size();
  return !value.empty() && value.back() != ' ' && skip(value.data(), end, kValueChar) == end;
}

TracestateMembers::Result TracestateMembers::read(std::string_view header) noexcept {
  if (header.empty()) return Result::kValid;
  if (header.size() > Tracestate::kMaxHeaderSize) return Result::kTooLong;
  const char* p = header.data();
  const char* const end = p + header.size();
  std::size_t seen = 0;
  for (;; ++p) {
    const char* const start = skip_whitespace(p, end);
    const char* behind = start;
    bool plain = false;
    if (start != end && *start != ',') {
      TracestateSlice member;
      const char* const member_end = read_member(start, end, &member);
      if (member_end == nullptr) return Result::kMalformed;
      if (++seen > Tracestate::kMaxMembers) return Result::kTooLong;
      behind = skip_whitespace(member_end, end);
      plain = add(member) && start == p && behind == member_end;
    }
    normal_ = normal_ && plain;
    p = behind;
    if (p == end) return Result::kValid;
    if (*p != ',') return Result::kMalformed;
  }
}

bool TracestateMembers::add(const TracestateSlice& member) noexcept {
  for (std::size_t i = 0; i < size_; ++i) {
    if (slices_[i].has_same_key(member)) return false;
  }
  slices_[size_++] = member;
  return true;
}

std::string TracestateMembers::join(std::size_t protected_members) {
  shorten(protected_members);
  std::string text;
  text.reserve(text_size());
  for (std::size_t i = 0; i < size_; ++i) {
    if (i != 0) text += ',';
    text += slices_[i].text();
  }
  return text;
}

std::size_t TracestateMembers::text_size() const noexcept {
  std::size_t size = size_ == 0 ? 0 : size_ - 1;  // the commas
  for (std::size_t i = 0; i < size_; ++i) size += slices_[i].size();
  return size;
}

void TracestateMembers::shorten(std::size_t protected_members) noexcept {
  constexpr std::size_t kLargeMember = 128;
  for (const std::size_t least : {kLargeMember + 1, std::size_t{0}}) {
    std::size_t size = text_size();
    for (std::size_t i = size_; i > protected_members && size > Tracestate::kMaxSize; --i) {
      if (slices_[i - 1].size() < least) continue;
      TracestateSlice* const slices = slices_.data();
      std::copy(slices + i, slices + size_, slices + i - 1);
      --size_;
      size = text_size();
    }
  }
}

}  // namespace waybill::internal
