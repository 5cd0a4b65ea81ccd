#include <waybill/core/utf8.h>
#include <waybill/otlp/internal/valid_text.h>

namespace waybill::internal {

std::string_view mended_text(std::string_view text, std::string& mended) {
  if (is_utf8(text)) return text;
  mended = to_utf8(text);
  return mended;
}

}  // namespace waybill::internal
