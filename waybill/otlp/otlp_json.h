// Requests of OTLP in JSON: protobuf's JSON mapping as OTLP has it ("JSON Protobuf Encoding" in the
// specification of OTLP): ids in lowercase hexadecimal, enumerations as numbers, 64-bit integers as
// decimal texts, keys in lowerCamelCase, NaN and infinities as texts.
//
//   std::string json;
//   append_otlp_json(json, OtlpSignal::kTraces, encoder.finish());
#pragma once

#include <string>
#include <string_view>

#include <waybill/otlp/otlp_options.h>
#include <waybill/otlp/wire_buffer.h>

namespace waybill {

// Appends the request, which is in protobuf's wire form, as one JSON object without line breaks.
// Fields that the encoders here do not write are left out. False, and nothing appended, for what is
// not protobuf, or is lists in lists, a hundred messages deep. Throws std::bad_alloc.
bool append_otlp_json(std::string& out, OtlpSignal signal, std::string_view request);

namespace internal {

// Replaces a request in protobuf's wire form by the same in JSON; without memory, or where that is
// not such a request, by an empty one. `json` is memory that is used again.
void make_json(WireBuffer& request, OtlpSignal signal, std::string& json) noexcept;

}  // namespace internal

// A SpanEncoder or LogEncoder whose requests are in JSON.
template <class Encoder, OtlpSignal kSignal>
class OtlpJsonEncoder : public Encoder {
 public:
  using Encoder::Encoder;

  // Without memory, an empty request.
  void take(WireBuffer& request) noexcept {
    Encoder::take(request);
    internal::make_json(request, kSignal, json_);
  }

 private:
  std::string json_;
};

}  // namespace waybill
