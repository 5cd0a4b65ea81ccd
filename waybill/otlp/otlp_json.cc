#include <charconv>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include <protozero/pbf_reader.hpp>

#include <waybill/core/hex.h>
#include <waybill/core/json_escape.h>
#include <waybill/otlp/internal/otlp_schema.h>
#include <waybill/otlp/otlp_json.h>

namespace waybill {
namespace {

using internal::FieldType;
using internal::MessageType;
using internal::OtlpField;
using protozero::data_view;
using protozero::pbf_reader;
using protozero::pbf_wire_type;

constexpr int kDeepest = 100;

std::string_view view_of(data_view bytes) noexcept {
  return {bytes.data(), bytes.size()};
}

// The wire type of one value.
pbf_wire_type wire_type_of(FieldType type) noexcept {
  switch (type) {
    case FieldType::kMessage:
    case FieldType::kText:
    case FieldType::kId:
      return pbf_wire_type::length_delimited;
    case FieldType::kFixed32:
      return pbf_wire_type::fixed32;
    case FieldType::kFixed64:
    case FieldType::kSfixed64:
    case FieldType::kDouble:
      return pbf_wire_type::fixed64;
    default:
      return pbf_wire_type::varint;
  }
}

class JsonRequest {
 public:
  explicit JsonRequest(std::string& out) noexcept : out_(out) {}

  void write_message(const MessageType& type, data_view message) {
    if (++depth_ > kDeepest) throw protozero::exception();
    const std::uint32_t present = fields_in(message);
    char separator = '{';
    for (const OtlpField& field : type.fields) {
      if ((present >> field.number & 1) == 0) continue;
      const std::size_t before = out_.size();
      out_ += separator;
      out_.append("\"").append(field.name).append("\":");
      const bool written =
          field.is_repeated ? write_all(field, message) : write_last(field, message);
      if (written) {
        separator = ',';
      } else {
        out_.resize(before);
      }
    }
    if (separator == '{') out_ += '{';
    out_ += '}';
    --depth_;
  }

 private:
  // A bit for each field's number.
  static std::uint32_t fields_in(data_view message) {
    std::uint32_t present = 0;
    for (pbf_reader reader(message); reader.next(); reader.skip()) {
      if (reader.tag() < 32) present |= std::uint32_t{1} << reader.tag();
    }
    return present;
  }

  // Each says whether there was a value of the field's type.
  bool write_last(const OtlpField& field, data_view message) {
    const pbf_wire_type wire_type = wire_type_of(field.type);
    pbf_reader last;
    for (pbf_reader reader(message); reader.next(); reader.skip()) {
      if (reader.tag() == field.number && reader.wire_type() == wire_type) last = reader;
    }
    if (!last) return false;
    write_value(field, last);
    return true;
  }
  bool write_all(const OtlpField& field, data_view message) {
    const pbf_wire_type wire_type = wire_type_of(field.type);
    char separator = '[';
    const auto next = [&] {
      out_ += separator;
      separator = ',';
    };
    for (pbf_reader reader(message); reader.next();) {
      if (reader.tag() != field.number) {
        reader.skip();
      } else if (reader.wire_type() == wire_type) {
        next();
        write_value(field, reader);
      } else if (reader.wire_type() == pbf_wire_type::length_delimited) {
        write_packed(field, reader, next);
      } else {
        reader.skip();
      }
    }
    if (separator == '[') return false;
    out_ += ']';
    return true;
  }

  // Several numbers in one field.
  template <class Next>
  void write_packed(const OtlpField& field, pbf_reader& reader, Next&& next) {
    const auto write = [&](const auto& numbers) {
      for (const auto number : numbers) {
        next();
        write_number(number);
      }
    };
    switch (field.type) {
      case FieldType::kFixed64:
        return write(reader.get_packed_fixed64());
      case FieldType::kUint64:
        return write(reader.get_packed_uint64());
      case FieldType::kDouble:
        return write(reader.get_packed_double());
      default:
        reader.skip();
    }
  }

  void write_value(const OtlpField& field, pbf_reader& reader) {
    switch (field.type) {
      case FieldType::kMessage:
        return write_message(*field.message, reader.get_view());
      case FieldType::kText:
        return append_json_string(out_, view_of(reader.get_view()));
      case FieldType::kId:
        return write_id(view_of(reader.get_view()));
      case FieldType::kBool:
        out_ += reader.get_bool() ? "true" : "false";
        return;
      case FieldType::kInt64:
        return write_number(reader.get_int64());
      case FieldType::kUint64:
        return write_number(reader.get_uint64());
      case FieldType::kUint32:
        return write_number(reader.get_uint32());
      case FieldType::kSint32:
        return write_number(reader.get_sint32());
      case FieldType::kFixed32:
        return write_number(reader.get_fixed32());
      case FieldType::kFixed64:
        return write_number(reader.get_fixed64());
      case FieldType::kSfixed64:
        return write_number(reader.get_sfixed64());
      case FieldType::kDouble:
        return write_number(reader.get_double());
    }
  }

  void write_id(std::string_view bytes) {
    out_ += '"';
    for (const char c : bytes) {
      char digits[2];
      hex::encode_byte(static_cast<std::uint8_t>(c), digits);
      out_.append(digits, 2);
    }
    out_ += '"';
  }

  template <class Number>
  void write_number(Number number) {
    char text[32];
    const std::string_view shortest(text, std::to_chars(text, text + sizeof text, number).ptr);
    if constexpr (sizeof number > 4 && std::is_integral_v<Number>) {
      out_.append("\"").append(shortest).append("\"");
    } else {
      out_ += shortest;
    }
  }
  void write_number(double number) {
    if (number == 0 && std::signbit(number)) {
      out_ += "-0.0";  // "-0" is an integer to some readers, and zero
    } else if (std::isfinite(number)) {
      write_number<double>(number);
    } else if (std::isnan(number)) {
      out_ += "\"NaN\"";
    } else {
      out_ += number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    }
  }

  std::string& out_;
  int depth_ = 0;
};

}  // namespace

bool append_otlp_json(std::string& out, OtlpSignal signal, std::string_view request) {
  const std::size_t before = out.size();
  try {
    JsonRequest(out).write_message(internal::request_type(signal),
                                   data_view(request.data(), request.size()));
    return true;
  } catch (const protozero::exception&) {
    out.resize(before);
    return false;
  } catch (...) {
    out.resize(before);
    throw;
  }
}

void internal::make_json(WireBuffer& request, OtlpSignal signal, std::string& json) noexcept {
  try {
    json.clear();
    append_otlp_json(json, signal, request.view());
    request.clear();
    if (char* const at = request.room(json.size())) {
      request.set_end(at + json.copy(at, json.size()));
    }
  } catch (...) {  // no memory
    request.clear();
  }
}

}  // namespace waybill
