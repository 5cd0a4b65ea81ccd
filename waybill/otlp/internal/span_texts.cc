#include <cstdint>
#include <optional>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include <waybill/core/utf8.h>
#include <waybill/otlp/internal/span_texts.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {
namespace {

namespace field = detail::field;

// Messages that texts are in, somewhere.
enum class Message { kText, kSpan, kEvent, kLink, kStatus, kKeyValue, kAnyValue, kArray, kElement };

// What a field with a size is; none: it has no texts. Lists are of single values: attributes have
// no others.
std::optional<Message> content_of(Message message, std::uint32_t number) noexcept {
  using enum Message;
  switch (message) {
    case kSpan:
      if (number == field::span::kAttributes) return kKeyValue;
      if (number == field::span::kEvents) return kEvent;
      if (number == field::span::kLinks) return kLink;
      if (number == field::span::kStatus) return kStatus;
      break;
    case kEvent:
      if (number == field::event::kName) return kText;
      if (number == field::event::kAttributes) return kKeyValue;
      break;
    case kLink:
      if (number == field::link::kTracestate) return kText;
      if (number == field::link::kAttributes) return kKeyValue;
      break;
    case kStatus:
      if (number == field::status::kMessage) return kText;
      break;
    case kKeyValue:
      if (number == field::key_value::kKey) return kText;
      if (number == field::key_value::kValue) return kAnyValue;
      break;
    case kAnyValue:
      if (number == field::any_value::kString) return kText;
      if (number == field::any_value::kArray) return kArray;
      break;
    case kArray:
      if (number == 1) return kElement;
      break;
    case kElement:
      if (number == field::any_value::kString) return kText;
      break;
    case kText:
      break;
  }
  return std::nullopt;
}

std::string_view view_of(const protozero::data_view& view) noexcept {
  return {view.data(), view.size()};
}

bool is_valid(Message message, std::string_view bytes) {
  if (message == Message::kText) return is_utf8(bytes);
  protozero::pbf_reader reader(bytes.data(), bytes.size());
  while (reader.next()) {
    const auto content = reader.wire_type() == protozero::pbf_wire_type::length_delimited
                             ? content_of(message, reader.tag())
                             : std::nullopt;
    if (!content) {
      reader.skip();
    } else if (!is_valid(*content, view_of(reader.get_view()))) {
      return false;
    }
  }
  return true;
}

std::string mended(Message message, std::string_view bytes) {
  if (message == Message::kText) return to_utf8(bytes);
  std::string out;
  protozero::pbf_writer writer(out);
  protozero::pbf_reader reader(bytes.data(), bytes.size());
  for (const char* begin = bytes.data(); reader.next(); begin = reader.data().data()) {
    const auto content = reader.wire_type() == protozero::pbf_wire_type::length_delimited
                             ? content_of(message, reader.tag())
                             : std::nullopt;
    if (content) {
      const protozero::pbf_tag_type number = reader.tag();
      writer.add_bytes(number, mended(*content, view_of(reader.get_view())));
    } else {
      reader.skip();
      out.append(begin, reader.data().data());
    }
  }
  return out;
}

}  // namespace

bool has_valid_texts(std::string_view encoded) {
  return is_valid(Message::kSpan, encoded);
}

std::string with_valid_texts(std::string_view encoded) {
  return mended(Message::kSpan, encoded);
}

}  // namespace waybill::internal
