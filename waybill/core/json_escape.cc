#include <cstdint>

#include <waybill/core/hex.h>
#include <waybill/core/json_escape.h>
#include <waybill/core/utf8.h>

namespace waybill {
namespace {

bool is_plain(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

void append_control(std::string& out, char c) {
  switch (c) {
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default: {
      char code[6] = {'\\', 'u', '0', '0'};
      hex::encode_byte(static_cast<std::uint8_t>(c), code + 4);
      out.append(code, sizeof code);
    }
  }
}

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t plain_end = at;
    while (plain_end < text.size() && is_plain(text[plain_end])) ++plain_end;
    out.append(text, at, plain_end - at);
    at = plain_end;
    if (at == text.size()) return;

    const char c = text[at];
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
      ++at;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      append_control(out, c);
      ++at;
    } else {
      const Utf8Step step = utf8_step(text.data() + at, text.data() + text.size());
      if (step.valid) {
        out.append(text, at, step.size);
      } else {
        out.append("\xEF\xBF\xBD");
      }
      at += step.size;
    }
  }
}

}  // namespace waybill
