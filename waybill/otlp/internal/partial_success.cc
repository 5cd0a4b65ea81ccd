#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>

#include <waybill/otlp/internal/partial_success.h>

namespace waybill::internal {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kRejectedNames[] = {"rejectedSpans", "rejectedDataPoints",
                                               "rejectedLogRecords"};

std::string bounded(std::string_view message) {
  return std::string(message.substr(0, kLongestMessage));
}

std::uint64_t not_negative(std::int64_t number) noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0));
}

PartialSuccess of_protobuf(std::string_view body) {
  PartialSuccess result;
  protozero::pbf_reader response(body.data(), body.size());
  while (response.next(1, protozero::pbf_wire_type::length_delimited)) {
    protozero::pbf_reader partial = response.get_message();
    while (partial.next()) {
      if (partial.tag_and_type() == protozero::tag_and_type(1, protozero::pbf_wire_type::varint)) {
        result.rejected = not_negative(partial.get_int64());
      } else if (partial.tag_and_type() ==
                 protozero::tag_and_type(2, protozero::pbf_wire_type::length_delimited)) {
        const protozero::data_view text = partial.get_view();
        result.message = bounded({text.data(), text.size()});
      } else {
        partial.skip();
      }
    }
  }
  return result;
}

// int64 is a string of digits in protobuf's JSON; receivers are to take numbers, too.
std::uint64_t count_of(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (!value.is_string()) return 0;
  const auto& text = value.get_ref<const std::string&>();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? bounded(found->get_ref<const std::string&>())
                                                     : std::string();
}

PartialSuccess of_json(std::string_view body) {
  PartialSuccess result;
  const Json response = Json::parse(body, nullptr, false);
  if (!response.is_object()) return result;
  const auto partial = response.find("partialSuccess");
  if (partial == response.end() || !partial->is_object()) return result;
  for (const std::string_view name : kRejectedNames) {
    const auto rejected = partial->find(name);
    if (rejected != partial->end()) result.rejected = count_of(*rejected);
  }
  result.message = text_of(*partial, "errorMessage");
  return result;
}

}  // namespace

PartialSuccess parse_partial_success(std::string_view body, Encoding encoding) noexcept {
  try {
    return encoding == Encoding::kJson ? of_json(body) : of_protobuf(body);
  } catch (...) {  // malformed, or no memory to read it
    return {};
  }
}

std::string parse_status_message(std::string_view body, Encoding encoding) noexcept {
  try {
    if (encoding == Encoding::kJson) {
      const Json status = Json::parse(body, nullptr, false);
      return status.is_object() ? text_of(status, "message") : std::string();
    }
    std::string message;
    protozero::pbf_reader status(body.data(), body.size());
    while (status.next(2, protozero::pbf_wire_type::length_delimited)) {
      const protozero::data_view text = status.get_view();
      message = bounded({text.data(), text.size()});
    }
    return message;
  } catch (...) {
    return {};
  }
}

}  // namespace waybill::internal
