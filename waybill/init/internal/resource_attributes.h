// The value of OTEL_RESOURCE_ATTRIBUTES (OpenTelemetry, "Resource SDK", specifying resource
// information via an environment variable): "key=value" with commas between them, both
// percent-encoded where they need to be.
//
//   parse_resource_attributes("service.version=1.4.0,team=a%2Cb").attributes
//   // {{"service.version", "1.4.0"}, {"team", "a,b"}}
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::internal {

using ResourceAttributes = std::vector<std::pair<std::string, std::string>>;

// One of several: the last value of a key that comes again.
void set_attribute(ResourceAttributes& attributes, std::string_view key, std::string_view value);
const std::string* find_attribute(const ResourceAttributes& attributes, std::string_view key);

struct ParsedResourceAttributes {
  ResourceAttributes attributes = {};  // sorted by key, each once; empty if something is wrong
  std::string_view bad_part = {};      // of the text
  std::string_view expected = {};      // what is wrong with it; empty if nothing is
};

// Blanks around keys and values do not count, and empty parts neither. Of a key that comes twice
// the last value counts. A value may hold further '=', as many write it. Wrong: a part without '='
// or without a key, '%' without two hex digits, what is not UTF-8 when decoded or has a NUL, more
// than 64 KiB.
ParsedResourceAttributes parse_resource_attributes(std::string_view text);

}  // namespace waybill::internal
