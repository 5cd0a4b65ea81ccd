// Filters of `waybill query`, in its own language and in LogQL.
#include <cstddef>
#include <cstdint>
#include <string>

#include <cli/filter_match.h>
#include <cli/filter_parser.h>
#include <cli/record.h>

#include "fuzz/require.h"

namespace {

waybill::cli::Record some_record() {
  waybill::cli::Record record;
  record.message = "POST /orders -> 201";
  record.service = "web";
  record.line = R"({"message":"POST /orders -> 201","service":"web","http.status":201})";
  record.fields = {{"http.status", "201", waybill::cli::RecordField::Kind::kNumber, 201}};
  return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const waybill::cli::Record record = some_record();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto parsed = waybill::cli::parse_filter(text, 1'795'219'200'000'000'000);
  if (const auto* error = std::get_if<waybill::cli::FilterError>(&parsed)) {
    REQUIRE(error->position <= text.size());
    describe(*error, text);
  } else {
    matches(std::get<waybill::cli::Filter>(parsed), record);
  }
  return 0;
}
