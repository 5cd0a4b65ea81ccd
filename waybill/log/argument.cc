#include <iterator>

#include <fmt/format.h>

#include <waybill/log/argument.h>

namespace waybill::detail {

void put_cut_text(char*& out, std::string_view text) noexcept {
  constexpr std::string_view kMark = " [cut]";
  put(out, static_cast<std::uint32_t>(kMostArgumentText));
  const std::size_t kept = kMostArgumentText - kMark.size();
  std::memcpy(out, text.data(), kept);
  std::memcpy(out + kept, kMark.data(), kMark.size());
  out += kMostArgumentText;
}

std::string ErrorCodeArgument::show(const std::error_code& code, MessageBuilder&) {
  return fmt::format("{} ({}:{})", code.message(), code.category().name(), code.value());
}

void MessageBuilder::clear() noexcept {
  text_.clear();
  fields_.clear();
  kept_.clear();
  contexts_.clear();
  context_.reset();
}

void MessageBuilder::format(fmt::string_view format, fmt::format_args args) noexcept {
  try {
    fmt::vformat_to(std::back_inserter(text_), format, args);
  } catch (const std::exception& error) {
    text_.append("[cannot format \"").append(format.data(), format.size());
    text_.append("\": ").append(error.what()).append("]");
  }
}

}  // namespace waybill::detail
