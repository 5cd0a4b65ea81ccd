#include <cstring>

#include <waybill/core/hex.h>
#include <waybill/propagation/internal/percent.h>

namespace waybill::internal {

bool decode_percent(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const void* escape = std::memchr(text.data(), '%', text.size());
    if (escape == nullptr) break;
    const auto plain = static_cast<std::size_t>(static_cast<const char*>(escape) - text.data());
    out.append(text, 0, plain);
    text.remove_prefix(plain + 1);
    if (text.size() < 2) return false;
    const int high = hex::digit(text[0]);
    const int low = hex::digit(text[1]);
    if ((high | low) < 0) return false;
    out += static_cast<char>(high << 4 | low);
    text.remove_prefix(2);
  }
  out.append(text);
  return true;
}

void encode_percent(std::string_view text, std::string& out, const CharSet& plain) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (plain.contains(text[i])) continue;
    out.append(text, done, i - done);
    const auto byte = static_cast<unsigned char>(text[i]);
    const char escape[3] = {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    out.append(escape, sizeof escape);
    done = i + 1;
  }
  out.append(text, done);
}

}  // namespace waybill::internal
