#include <waybill/core/utf8.h>

namespace waybill {
namespace {

// The bytes that may follow a leading one: how many, and the range of the first of them.
struct Tail {
  std::size_t size;
  std::uint8_t low;
  std::uint8_t high;
};

constexpr Tail tail_of(std::uint8_t lead) noexcept {
  if (lead >= 0xc2 && lead <= 0xdf) return {1, 0x80, 0xbf};
  if (lead == 0xe0) return {2, 0xa0, 0xbf};
  if (lead == 0xed) return {2, 0x80, 0x9f};
  if (lead >= 0xe1 && lead <= 0xef) return {2, 0x80, 0xbf};
  if (lead == 0xf0) return {3, 0x90, 0xbf};
  if (lead >= 0xf1 && lead <= 0xf3) return {3, 0x80, 0xbf};
  if (lead == 0xf4) return {3, 0x80, 0x8f};
  return {0, 0, 0};
}

}  // namespace

Utf8Step utf8_step(const char* p, const char* end) noexcept {
  const auto lead = static_cast<std::uint8_t>(*p);
  if (lead < 0x80) return {1, true};
  Tail tail = tail_of(lead);
  if (tail.size == 0) return {1, false};
  std::size_t size = 1;
  for (; size <= tail.size; ++size) {
    if (p + size == end) return {size, false};
    const auto byte = static_cast<std::uint8_t>(p[size]);
    if (byte < tail.low || byte > tail.high) return {size, false};
    tail.low = 0x80;
    tail.high = 0xbf;
  }
  return {size, true};
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  if (code_point >= 0xd800 && code_point <= 0xdfff) code_point = 0xfffd;
  const auto append = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xc0 | code_point >> 6);
    append(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    append(0xe0 | code_point >> 12);
    append(0x80 | (code_point >> 6 & 0x3f));
    append(0x80 | (code_point & 0x3f));
  } else {
    append(0xf0 | code_point >> 18);
    append(0x80 | (code_point >> 12 & 0x3f));
    append(0x80 | (code_point >> 6 & 0x3f));
    append(0x80 | (code_point & 0x3f));
  }
}

bool is_utf8(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p != end;) {
    const Utf8Step step = utf8_step(p, end);
    if (!step.valid) return false;
    p += step.size;
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size() + 2);
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p != end;) {
    const Utf8Step step = utf8_step(p, end);
    if (step.valid) {
      valid.append(p, step.size);
    } else {
      append_utf8(valid, 0xfffd);
    }
    p += step.size;
  }
  return valid;
}

}  // namespace waybill
