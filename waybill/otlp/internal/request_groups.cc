#include <waybill/otlp/internal/append_attribute.h>
#include <waybill/otlp/internal/padded_size.h>
#include <waybill/otlp/internal/request_groups.h>
#include <waybill/otlp/internal/valid_text.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {
namespace {

using detail::WireType;

// The same in ExportTraceServiceRequest, ResourceSpans and ScopeSpans and in those of logs and
// metrics.
constexpr std::uint32_t kResourceGroup = 1;
constexpr std::uint32_t kResource = 1;
constexpr std::uint32_t kScopeGroup = 2;
constexpr std::uint32_t kScope = 1;
// InstrumentationScope.
constexpr std::uint32_t kName = 1;
constexpr std::uint32_t kVersion = 2;

bool equal(const Resource& a, const Resource& b) noexcept {
  return a.service_name == b.service_name && a.attributes == b.attributes;
}

// The content of a Resource: service.name first, each key once.
bool append_resource(WireBuffer& request, const Resource& resource) {
  constexpr std::string_view kServiceName = "service.name";
  constexpr std::uint32_t kAttributes = 1;
  const bool is_named = !resource.service_name.empty();
  if (is_named && !append_attribute(request, kAttributes, kServiceName, resource.service_name)) {
    return false;
  }
  const auto& attributes = resource.attributes;
  for (auto it = attributes.begin(); it != attributes.end(); ++it) {
    bool is_there = is_named && it->first == kServiceName;
    for (auto before = attributes.begin(); before != it; ++before) {
      is_there = is_there || before->first == it->first;
    }
    if (!is_there && !append_attribute(request, kAttributes, it->first, it->second)) return false;
  }
  return true;
}

}  // namespace

bool RequestGroups::open(WireBuffer& request, const Resource& resource,
                         const Scope& scope) noexcept {
  const bool same_resource =
      resource_at_ != 0 && (&resource == address_ || equal(resource, resource_));
  const std::size_t before = request.size();
  try {
    address_ = &resource;
    if (same_resource && scope_at_ != 0 && scope.name == scope_name_ &&
        scope.version == scope_version_) {
      return true;
    }
    close(request);
    scope_at_ = 0;
    if ((same_resource || begin_resource(request, resource)) && begin_scope(request, scope)) {
      return true;
    }
  } catch (...) {  // no memory
  }
  request.set_end(request.data() + before);
  if (!same_resource) resource_at_ = 0;
  address_ = nullptr;
  return false;
}

void RequestGroups::close(WireBuffer& request) noexcept {
  if (scope_at_ != 0) end_message(request, scope_at_);
  if (resource_at_ != 0) end_message(request, resource_at_);
}

bool RequestGroups::begin_resource(WireBuffer& request, const Resource& resource) {
  resource_at_ = 0;
  if (!equal(resource, resource_)) resource_ = resource;
  if (!begin_message(request, kResourceGroup)) return false;
  const std::size_t content_at = request.size();
  if (!begin_message(request, kResource)) return false;
  const std::size_t attributes_at = request.size();
  if (!append_resource(request, resource)) return false;
  end_message(request, attributes_at);
  resource_at_ = content_at;
  return true;
}

bool RequestGroups::begin_scope(WireBuffer& request, const Scope& scope) {
  if (scope.name != scope_name_) scope_name_ = scope.name;
  if (scope.version != scope_version_) scope_version_ = scope.version;
  std::string mended_name;
  std::string mended_version;
  const std::string_view name = valid_text(scope.name, mended_name);
  const std::string_view version = valid_text(scope.version, mended_version);
  const std::size_t size = (name.empty() ? 0 : detail::bytes_field_size(name.size())) +
                           (version.empty() ? 0 : detail::bytes_field_size(version.size()));
  char* at = request.room(1 + kPaddedSize + detail::bytes_field_size(size));
  if (at == nullptr) return false;
  at = detail::put_tag(at, kScopeGroup, WireType::kBytes) + kPaddedSize;
  const std::size_t content_at = static_cast<std::size_t>(at - request.data());
  at = detail::put_varint(detail::put_tag(at, kScope, WireType::kBytes), size);
  if (!name.empty()) at = detail::put_bytes(at, kName, name);
  if (!version.empty()) at = detail::put_bytes(at, kVersion, version);
  request.set_end(at);
  scope_at_ = content_at;
  return true;
}

}  // namespace waybill::internal
