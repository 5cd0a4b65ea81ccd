#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/utf8.h>
#include <waybill/log/format.h>
#include <waybill/log/internal/escape.h>
#include <waybill/log/internal/logfmt_reader.h>
#include <waybill/log/internal/record_context.h>
#include <waybill/log/internal/unique_json.h>

#include "fuzz/require.h"

using namespace waybill;

namespace {

using Formats = std::vector<std::shared_ptr<const LogFormat>>;

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('|', start), text.size());
    parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// Appended to what is there, one line, and nothing in it that a terminal would obey.
std::string line_of(const LogFormat& format, const LogRecord& record) {
  std::string line = "x";
  format.format(record, line);
  REQUIRE(line.size() >= 2 && line.front() == 'x' && line.back() == '\n');
  line = line.substr(1, line.size() - 2);
  const bool harmless = std::all_of(line.begin(), line.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
  });
  REQUIRE(harmless && is_utf8(line));
  REQUIRE(line.find("\xe2\x80\xa8") == std::string::npos);
  REQUIRE(line.find("\xc2\x9b") == std::string::npos);
  return line;
}

}  // namespace

// Every format writes one line that a reader of it takes, no key twice, with the message in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> parts = split({reinterpret_cast<const char*>(data), size});
  parts.resize(std::max<std::size_t>(parts.size(), 4));
  std::vector<Field> fields;
  for (std::size_t i = 4; i + 1 < parts.size(); i += 2) {
    fields.push_back({parts[i], parts[i + 1]});
  }
  const Resource resource{.service_name = parts[2], .attributes = {{"service.version", parts[3]}}};
  const Context context =
      Context::new_trace({.name = parts[3]}).with(Fields(fields.data(), fields.size() / 2));
  LogRecord record{.logger = parts[1],
                   .message = parts[0],
                   .call_fields = Fields(fields.data(), fields.size()),
                   .resource = resource};
  internal::set_context(record, context);
  const std::string message = to_utf8(parts[0]);

  static const Formats json = {json_format(), google_cloud_format({.label_fields = {"zip"}}),
                               ecs_format(), ecs_format({.labels = false}), datadog_format()};
  static const Formats others = {text_format(), console_format(Colour::kNever)};
  static const auto otel = otel_json_format();
  static const auto logfmt = logfmt_format();
  for (const auto& format : json) {
    REQUIRE(test::parse_unique(line_of(*format, record)).at("message") == message);
  }
  for (const auto& format : others) line_of(*format, record);
  test::parse_unique(line_of(*otel, record));
  const auto pairs = test::read_logfmt(line_of(*logfmt, record));
  REQUIRE((std::map<std::string, std::string>(pairs.begin(), pairs.end()).size() == pairs.size()));
  REQUIRE(pairs[2].second == message);
  return 0;
}
