#include <string>
#include <variant>

#include <waybill/otlp/internal/attribute_writer.h>
#include <waybill/otlp/internal/valid_text.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {
namespace {

using detail::field::any_value::kArray;
using detail::field::any_value::kBool;
using detail::field::any_value::kDouble;
using detail::field::any_value::kInt;
using detail::field::any_value::kString;
using protozero::pbf_writer;

void add_text(pbf_writer& message, protozero::pbf_tag_type number, std::string_view text) {
  std::string mended;
  const std::string_view valid = valid_text(text, mended);
  message.add_string(number, valid.data(), valid.size());
}

// Each adds what an AnyValue holds.
void add_value(pbf_writer& any, const std::string& text) {
  add_text(any, kString, text);
}
void add_value(pbf_writer& any, std::int64_t number) {
  any.add_int64(kInt, number);
}
void add_value(pbf_writer& any, double number) {
  any.add_double(kDouble, number);
}
void add_value(pbf_writer& any, bool value) {
  any.add_bool(kBool, value);
}
template <class T>
void add_value(pbf_writer& any, const std::vector<T>& list) {
  constexpr protozero::pbf_tag_type kValues = 1;       // of ArrayValue
  if (list.empty()) return any.add_bytes(kArray, "");  // a writer would leave it out
  pbf_writer array(any, kArray);
  for (const T& value : list) {
    pbf_writer element(array, kValues);
    add_value(element, value);
  }
}

}  // namespace

void add_attributes(pbf_writer& message, protozero::pbf_tag_type number,
                    const std::vector<OwnedAttribute>& attributes) {
  for (const OwnedAttribute& attribute : attributes) {
    if (attribute.key.empty()) continue;
    pbf_writer key_value(message, number);
    add_text(key_value, detail::field::key_value::kKey, attribute.key);
    pbf_writer any(key_value, detail::field::key_value::kValue);
    std::visit([&any](const auto& value) { add_value(any, value); }, attribute.value);
  }
}

}  // namespace waybill::internal
