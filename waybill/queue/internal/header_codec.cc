#include <cstdint>
#include <limits>

#include <waybill/core/error.h>
#include <waybill/queue/internal/header_codec.h>

namespace waybill::queue::internal {

namespace {

constexpr std::size_t kSizeBytes = 4;

void append(std::string& out, std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error("message header: " + std::to_string(text.size()) + " bytes, must be below 4 GiB");
  }
  for (std::size_t i = 0; i < kSizeBytes; ++i) {
    out.push_back(static_cast<char>(text.size() >> (8 * i) & 0xff));
  }
  out.append(text);
}

std::optional<std::string_view> take(std::string_view& bytes) {
  if (bytes.size() < kSizeBytes) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < kSizeBytes; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  bytes.remove_prefix(kSizeBytes);
  if (bytes.size() < size) return std::nullopt;
  const std::string_view text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return text;
}

}  // namespace

std::string encode(const Headers& headers) {
  std::size_t size = 0;
  for (const auto& [name, value] : headers) size += 2 * kSizeBytes + name.size() + value.size();
  std::string bytes;
  bytes.reserve(size);
  for (const auto& [name, value] : headers) {
    append(bytes, name);
    append(bytes, value);
  }
  return bytes;
}

std::optional<Headers> decode(std::string_view bytes) {
  Headers headers;
  while (!bytes.empty()) {
    const std::optional<std::string_view> name = take(bytes);
    if (!name) return std::nullopt;
    const std::optional<std::string_view> value = take(bytes);
    if (!value) return std::nullopt;
    headers.emplace_back(*name, *value);
  }
  return headers;
}

}  // namespace waybill::queue::internal
