// RecordParser: reads a JSON line into a Record. Make one and use it for all lines; it keeps its
// memory between them. One thread at a time.
#pragma once

#include <string_view>

#include <simdjson.h>

#include <cli/record.h>

namespace waybill::cli {

class RecordParser {
 public:
  // What a hostile line may cost: deeper nesting and longer dotted keys stay JSON text, and fields
  // beyond the last are left out.
  static constexpr int kDeepestField = 8;
  static constexpr std::size_t kLongestKey = 256;
  static constexpr std::size_t kMostFields = 1'000;

  // Replaces what `record` held. False when the line is not one JSON object; the record is then
  // empty. `file_name` is the service where the line names none.
  bool parse(std::string_view line, std::string_view file_name, Record& record);

 private:
  void read_object(simdjson::dom::object object, std::string_view prefix, int depth,
                   Record& record);
  void add_field(std::string_view key, simdjson::dom::element value, Record& record);

  simdjson::dom::parser json_;
};

}  // namespace waybill::cli
