#include <cstddef>
#include <cstdint>
#include <string>

#include <waybill/core/utf8.h>
#include <waybill/init/internal/resource_attributes.h>

#include "fuzz/require.h"

using namespace waybill;

namespace {

void append_encoded(std::string& out, const std::string& text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

bool is_text(const std::string& text) {
  for (const char *p = text.data(), *end = p + text.size(); p != end;) {
    const Utf8Step step = utf8_step(p, end);
    if (!step.valid || *p == '\0') return false;
    p += step.size;
  }
  return true;
}

}  // namespace

// Whatever is taken is text, and says the same when it is written in the strictest spelling; what
// is not taken is a part of the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto parsed = internal::parse_resource_attributes(text);
  if (!parsed.expected.empty()) {
    REQUIRE(parsed.attributes.empty());
    REQUIRE(text.find(parsed.bad_part) != std::string::npos);
    return 0;
  }
  std::string written;
  for (const auto& [key, value] : parsed.attributes) {
    REQUIRE(!key.empty() && is_text(key) && is_text(value));
    append_encoded(written, key);
    written += '=';
    append_encoded(written, value);
    written += ',';
  }
  if (written.size() <= 64 * 1024) {
    REQUIRE(internal::parse_resource_attributes(written).attributes == parsed.attributes);
  }
  return 0;
}
