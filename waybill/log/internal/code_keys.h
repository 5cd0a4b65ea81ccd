// Where a call stands, as OpenTelemetry's semantic conventions name it.
#pragma once

#include <source_location>
#include <string_view>
#include <vector>

#include <waybill/log/internal/json_writer.h>

namespace waybill::internal {

inline constexpr std::string_view kFilePath = "code.file.path";
inline constexpr std::string_view kLineNumber = "code.line.number";
inline constexpr std::string_view kFunctionName = "code.function.name";

inline void add_code_keys(std::vector<std::string_view>& keys) {
  keys.insert(keys.end(), {kFilePath, kLineNumber, kFunctionName});
}

struct CodeKeys {
  // Empty where the keys are not among the format's.
  explicit CodeKeys(const KeyTable& keys)
      : file(keys, kFilePath), line(keys, kLineNumber), function(keys, kFunctionName) {}

  // Nothing where the place is not known.
  void write(JsonWriter& out, const std::source_location& where) const {
    if (!file && !line && !function) return;
    if (where.line() == 0) return;
    out.text(file, where.file_name());
    out.number(line, where.line());
    out.text(function, where.function_name());
  }

  JsonKey file;
  JsonKey line;
  JsonKey function;
};

}  // namespace waybill::internal
