// An attribute of the resource as a member of the line.
#pragma once

#include <string_view>

#include <waybill/log/internal/json_writer.h>
#include <waybill/pipeline/resource.h>

namespace waybill::internal {

// The attribute's text; empty where the resource does not have it.
inline std::string_view attribute_of(const Resource& resource, std::string_view name) noexcept {
  for (const auto& [key, value] : resource.attributes) {
    if (key == name) return value;
  }
  return {};
}

inline void write_if_any(JsonWriter& line, const JsonKey& key, std::string_view text) {
  if (!text.empty()) line.text(key, text);
}

// deployment.environment.name, or what it was called before semantic conventions 1.27.
inline std::string_view environment_of(const Resource& resource) noexcept {
  const std::string_view name = attribute_of(resource, "deployment.environment.name");
  return !name.empty() ? name : attribute_of(resource, "deployment.environment");
}

}  // namespace waybill::internal
